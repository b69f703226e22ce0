import type { ContactRecord } from '../../domain/contact.js';
import { countryOf } from '../../domain/country.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { fullName, nameParts, namesOf } from '../../domain/names.js';
import { shownContacts } from '../../domain/shown-contacts.js';
import type { Contact, Country, Profile } from '../../gen/facet/profiles/v1/profiles.js';
import { offsetTime } from './offset-time.js';

/** Countries are reference data and have no times of their own: the document's example has these. */
const COUNTRY_TIME = offsetTime('2021-01-01T00:00:00.000Z');

/**
 * The record as profiles shows it. Derived: first and last name fall back to the display name split at its last
 * space, and name is the parts joined, else the display name. A record without names has those of its traits, and
 * addresses in its traits are contacts, too. `enabled` is the state.
 */
export function recordToProfile(record: IdentityRecord): Profile {
  const parts = nameParts(record);
  const country = record.countryCode === null ? undefined : countryToView(record.countryCode);
  return {
    profileId: record.id,
    contacts: shownContacts(record).map(recordToContact),
    countryNumericCode: country?.numericCode,
    country,
    enabled: record.state === 'active',
    firstName: parts.given ?? undefined,
    middleName: namesOf(record).middleName ?? undefined,
    lastName: parts.family ?? undefined,
    name: fullName(record),
    tags: [...record.tags],
    createTime: offsetTime(record.createTime),
    updateTime: offsetTime(record.updateTime),
    uuid: record.uuid ?? undefined,
  };
}

/** A contact as profiles shows it: its external id is the document's uuid. */
export function recordToContact(contact: ContactRecord): Contact {
  return {
    contactId: contact.id,
    key: contact.key,
    value: contact.value,
    createTime: offsetTime(contact.createTime),
    updateTime: offsetTime(contact.updateTime),
    uuid: contact.externalId ?? undefined,
  };
}

function countryToView(alpha2: string): Country | undefined {
  const country = countryOf(alpha2);
  return (
    country && {
      countryId: country.numeric,
      countryName: country.name,
      alpha2Code: country.alpha2,
      alpha3Code: country.alpha3,
      numericCode: country.numeric,
      geographicRegionNumericCode: country.region?.numeric,
      geographicRegionName: country.region?.name,
      createTime: COUNTRY_TIME,
      updateTime: COUNTRY_TIME,
    }
  );
}
