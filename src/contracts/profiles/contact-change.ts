import type { ContactChange, ContactInput, ContactKey } from '../../domain/contact.js';
import { invalid } from '../../domain/errors.js';
import type { NewContact, UpdateContactRequest } from '../../gen/facet/profiles/v1/profiles.js';
import { chosenFields } from '../chosen-fields.js';

/** What is given of a new contact; the proto's rules have seen to its key. */
export function contactToInput({ key, value, uuid }: NewContact): ContactInput {
  return { key: key as ContactKey, value, externalId: uuid || null };
}

/** What an update asks for: the fields of its mask; without a mask, those that are set. Only uuid can be cleared. */
export function updateToContactChange({ contact, updateMask }: UpdateContactRequest): ContactChange {
  if (contact === undefined) return {};
  const chosen = chosenFields(['key', 'value', 'uuid'], contact, updateMask);
  const given = (path: 'key' | 'value' | 'uuid') => chosen.includes(path);
  for (const path of ['key', 'value'] as const) {
    if (given(path) && contact[path] === undefined)
      throw invalid({ field: `contact.${path}`, description: 'must not be null', rule: 'required' });
  }
  return {
    key: given('key') ? (contact.key as ContactKey) : undefined,
    value: given('value') ? contact.value : undefined,
    externalId: given('uuid') ? contact.uuid || null : undefined,
  };
}
