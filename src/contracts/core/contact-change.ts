import type { ContactChange, ContactInput, ContactKey as RecordKey } from '../../domain/contact.js';
import { invalid } from '../../domain/errors.js';
import { type Contact, ContactKey } from '../../gen/facet/v1/contact.js';
import { maskedFields } from '../update-mask.js';

const FIELDS: Record<string, (contact: Contact) => ContactChange> = {
  key: (contact) => ({ key: keyOf(contact) }),
  value: (contact) => ({ value: contact.value }),
  external_id: (contact) => ({ externalId: contact.externalId ?? null }),
};
/** Fields that the service writes: in a mask they are ignored (AIP-203). */
const ASSIGNED = ['id', 'create_time', 'update_time'];

/** What is given of a new contact. A key that is not given fits no value. */
export function contactToInput(contact: Contact, at?: number): ContactInput {
  const place = at === undefined ? 'contact' : `identity.contacts[${at}]`;
  return { key: keyOf(contact, place), value: contact.value, externalId: contact.externalId ?? null };
}

/** What a contact and a mask ask to change. No mask: every populated field. Throws INVALID_INPUT for no field's path. */
export function contactToChange(contact: Contact, mask: readonly string[] | undefined): ContactChange {
  const named = maskedFields(mask, Object.keys(FIELDS), ASSIGNED) ?? populated(contact);
  return Object.assign({}, ...named.map((name) => FIELDS[name]!(contact)));
}

function populated(contact: Contact): string[] {
  const paths: string[] = [];
  if (contact.key !== ContactKey.UNSPECIFIED) paths.push('key');
  if (contact.value !== '') paths.push('value');
  if (contact.externalId !== undefined) paths.push('external_id');
  return paths;
}

function keyOf({ key }: Contact, place = 'contact'): RecordKey {
  if (key === ContactKey.EMAIL) return 'email';
  if (key === ContactKey.PHONE) return 'phone';
  throw invalid({ field: `${place}.key`, description: 'must be EMAIL or PHONE', rule: 'required' });
}
