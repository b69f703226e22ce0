import { FacetError, invalid, type Violation } from './errors.js';
import type { RequestClaim } from './request-claim.js';

/** The kinds of contact, in the words of every API. */
export const CONTACT_KEYS = ['email', 'phone'] as const;
export type ContactKey = (typeof CONTACT_KEYS)[number];

/** A way to reach an identity, part of its record. Times are RFC 3339. */
export interface ContactRecord {
  /** UUIDv7. */
  readonly id: string;
  readonly key: ContactKey;
  /** An e-mail address or a phone number, as it was given. */
  readonly value: string;
  /** The caller's own id, unique among the tenant's contacts. */
  readonly externalId: string | null;
  /** The request that added it, where that can be repeated. */
  readonly request?: RequestClaim;
  readonly createTime: string;
  readonly updateTime: string;
}

/** What a caller gives of a new contact. */
export type ContactInput = Pick<ContactRecord, 'key' | 'value' | 'externalId' | 'request'>;

/** What a caller may change. Undefined keeps, null clears. */
export type ContactChange = {
  readonly [Name in Exclude<keyof ContactInput, 'request'>]?: ContactInput[Name] | undefined;
};

export const MOST_CONTACTS = 100;

/** The address of HTML forms, which is what people have: RFC 5322 without comments, quotes and folding. */
const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const LONGEST_EMAIL = 254;
/** The shape of E.164; whether the number is assigned is nobody's to know. */
const PHONE = /^\+[0-9]{7,15}$/;

/** What is wrong with a pair of key and value; undefined where nothing is. `field` is the value's own path. */
export function contactFault(
  { key, value }: Pick<ContactRecord, 'key' | 'value'>,
  field: string,
): Violation | undefined {
  if (key === 'email' && (value.length > LONGEST_EMAIL || !EMAIL.test(value))) {
    return { field, description: 'must be an e-mail address', rule: 'contact.email' };
  }
  if (key === 'phone' && !PHONE.test(value)) {
    return { field, description: 'must be + and 7 to 15 digits', rule: 'contact.phone' };
  }
  return undefined;
}

/** Throws INVALID_INPUT at `<path>.value` where the value does not fit the key. */
export function assertContact(contact: Pick<ContactRecord, 'key' | 'value'>, path: string): void {
  const fault = contactFault(contact, `${path}.value`);
  if (fault !== undefined) throw invalid(fault);
}

/** Throws INVALID_INPUT naming every contact of a list whose value does not fit its key. */
export function assertContacts(
  contacts: readonly Pick<ContactRecord, 'key' | 'value'>[],
  list: string,
): void {
  const faults = contacts.flatMap((contact, at) => contactFault(contact, `${list}[${at}].value`) ?? []);
  if (faults.length > 0) throw invalid(...faults);
}

/** Throws CONTACT_LIMIT where a record has more than it may hold. */
export function assertContactLimit(contacts: readonly unknown[]): void {
  if (contacts.length <= MOST_CONTACTS) return;
  const description = `contact_limit: at most ${MOST_CONTACTS} contacts in a record`;
  throw new FacetError('CONTACT_LIMIT', {
    violations: [{ field: 'contacts', description, rule: 'contact_limit' }],
  });
}
