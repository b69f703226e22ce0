import { type ContactKey, type ContactRecord, contactFault } from './contact.js';
import { fold } from './fold.js';
import type { IdentityRecord } from './identity.js';

type Addressed = Pick<IdentityRecord, 'contacts' | 'verifiableAddresses' | 'recoveryAddresses'>;

/**
 * What contracts show as contacts: the record's own, then the addresses that the schema marks in the traits. Those
 * carry the address's id, are read only, and are left out where a contact has the value already.
 */
export function shownContacts(record: Addressed): readonly ContactRecord[] {
  const addresses = [...record.verifiableAddresses, ...record.recoveryAddresses];
  if (addresses.length === 0) return record.contacts;
  const shown = [...record.contacts];
  const seen = new Set(shown.map(({ value }) => fold(value)));
  for (const { id, value, via, createTime, updateTime } of addresses) {
    const key: ContactKey = via === 'email' ? 'email' : 'phone';
    if (seen.has(fold(value)) || contactFault({ key, value }, '') !== undefined) continue;
    seen.add(fold(value));
    shown.push({ id, key, value, externalId: null, createTime, updateTime });
  }
  return shown;
}

/** Whether the contact is shown from the traits, and so is none that contact methods can change. */
export function isFromTraits(record: Addressed, contactId: string): boolean {
  const own = record.contacts.some(({ id }) => id === contactId);
  return !own && shownContacts(record).some(({ id }) => id === contactId);
}
