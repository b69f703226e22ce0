import { assertContacts } from '../../domain/contact.js';
import { countryCodeOfNumber } from '../../domain/country.js';
import { invalid } from '../../domain/errors.js';
import type { IdentityChange, IdentityState } from '../../domain/identity.js';
import type {
  CreateProfileRequest,
  ProfileChange,
  UpdateProfileRequest,
} from '../../gen/facet/profiles/v1/profiles.js';
import { chosenFields } from '../chosen-fields.js';
import { contactToInput } from './contact-change.js';

/** What a create asks for. A field that is not given is not touched, where the profile completes a record. */
export function createToChange(request: CreateProfileRequest): IdentityChange {
  const newContacts = request.contacts.map(contactToInput);
  assertContacts(newContacts, 'contacts');
  return {
    givenName: request.firstName,
    middleName: request.middleName,
    familyName: request.lastName,
    countryCode:
      request.countryNumericCode === undefined
        ? undefined
        : countryCodeOfNumber(request.countryNumericCode, 'country_numeric_code'),
    state: request.enabled === undefined ? undefined : stateOf(request.enabled),
    uuid: request.uuid || undefined,
    newContacts,
  };
}

/** How a field of the message becomes one of the change; an unset one clears. */
const FIELDS: Record<string, (profile: ProfileChange) => IdentityChange> = {
  first_name: ({ firstName }) => ({ givenName: firstName ?? null }),
  middle_name: ({ middleName }) => ({ middleName: middleName ?? null }),
  last_name: ({ lastName }) => ({ familyName: lastName ?? null }),
  country_numeric_code: ({ countryNumericCode: number }) => ({
    countryCode: number === undefined ? null : countryCodeOfNumber(number, 'profile.country_numeric_code'),
  }),
  enabled: ({ enabled }) => {
    if (enabled !== undefined) return { state: stateOf(enabled) };
    throw invalid({ field: 'profile.enabled', description: 'must not be null', rule: 'required' });
  },
  // An empty uuid is none: it could be one profile's only.
  uuid: ({ uuid }) => ({ uuid: uuid || null }),
};

/** What an update asks for: the fields of its mask; without a mask, those that are set. */
export function updateToChange({ profile, updateMask }: UpdateProfileRequest): IdentityChange {
  if (profile === undefined) return {};
  const changes = chosenFields(Object.keys(FIELDS), profile, updateMask).map((path) =>
    FIELDS[path]!(profile),
  );
  return Object.assign({}, ...changes);
}

function stateOf(enabled: boolean): IdentityState {
  return enabled ? 'active' : 'inactive';
}
