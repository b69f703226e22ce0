import { uuidv7 } from 'uuidv7';
import type { IdentityRecord } from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';

export const TENANT = 'bench';

/** So many names there are: few enough for a filter by one to fill a page in a small tenant, too. */
const GIVEN = 20;
const FAMILY = 20;
const MIDDLE = 10;
const FIRST_MOMENT = Date.parse('2026-01-01T00:00:00Z');

/** What is looked for: what the profile of that number has. */
export const shownBy = (number: number) => ({
  given: `Given ${number % GIVEN}`,
  family: `Family ${number % FAMILY}`,
  middle: `Middle ${number % MIDDLE}`,
  uuid: `uuid-${number}`,
});

/** A profile as it comes from a create: one in ten is not enabled, every third has no middle name. */
export function profile(number: number): IdentityRecord {
  const { given, family, middle, uuid } = shownBy(number);
  // Times are apart from the order of creation, as after changes.
  const now = new Date(FIRST_MOMENT + ((number * 7919) % 1_000_003) * 1000).toISOString();
  return newIdentity(
    { tenant: TENANT, id: uuidv7() },
    {
      givenName: given,
      middleName: number % 3 === 0 ? null : middle,
      familyName: family,
      countryCode: 'GB',
      state: number % 10 === 0 ? 'inactive' : 'active',
      uuid,
      newContacts: [{ key: 'email', value: `person${number}@example.com`, externalId: null }],
    },
    { contract: 'profiles', request: null, contactIds: [uuidv7()], now },
  );
}
