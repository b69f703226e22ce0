import {
  assertContact,
  assertContactLimit,
  type ContactChange,
  type ContactInput,
  type ContactRecord,
} from './contact.js';
import { FacetError } from './errors.js';
import { type RequestClaim, repeats } from './request-claim.js';

/**
 * The contacts with others added at the end, under ids drawn before. Throws CONTACT_LIMIT, and ALREADY_EXISTS
 * where two of one record have the same external id: between records a claim sees to it.
 */
export function addContacts(
  contacts: readonly ContactRecord[],
  added: readonly ContactInput[],
  { ids, now }: { ids: readonly string[]; now: string },
): readonly ContactRecord[] {
  if (added.length === 0) return contacts;
  const made = added.map(({ key, value, externalId, request }, at) => ({
    id: ids[at]!,
    key,
    value,
    externalId,
    ...(request && { request }),
    createTime: now,
    updateTime: now,
  }));
  return checked([...contacts, ...made]);
}

/** The contacts with one changed; the same list where nothing changes. `path` is where the caller gave the change. */
export function changeContact(
  contacts: readonly ContactRecord[],
  id: string,
  change: ContactChange,
  { path, now }: { path: string; now: string },
): readonly ContactRecord[] {
  const before = contactOf(contacts, id);
  const after = {
    ...before,
    key: change.key ?? before.key,
    value: change.value ?? before.value,
    externalId: change.externalId === undefined ? before.externalId : change.externalId,
  };
  assertContact(after, path);
  const same =
    after.key === before.key && after.value === before.value && after.externalId === before.externalId;
  if (same) return contacts;
  const updateTime = now > before.updateTime ? now : before.updateTime;
  return checked(contacts.map((contact) => (contact.id === id ? { ...after, updateTime } : contact)));
}

/** The contact that the same request has added before. Throws IDEMPOTENCY_KEY_REUSED. */
export function contactAddedBy(
  contacts: readonly ContactRecord[],
  request: RequestClaim | null,
): ContactRecord | undefined {
  return contacts.find(
    (each) => request !== null && each.request !== undefined && repeats(each.request, request),
  );
}

/** The contacts without one. Throws CONTACT_NOT_FOUND. */
export function removeContact(contacts: readonly ContactRecord[], id: string): readonly ContactRecord[] {
  contactOf(contacts, id);
  return contacts.filter((contact) => contact.id !== id);
}

/** Throws CONTACT_NOT_FOUND. */
export function contactOf(contacts: readonly ContactRecord[], id: string): ContactRecord {
  const contact = contacts.find((each) => each.id === id);
  if (contact === undefined) throw new FacetError('CONTACT_NOT_FOUND');
  return contact;
}

function checked(contacts: readonly ContactRecord[]): readonly ContactRecord[] {
  assertContactLimit(contacts);
  const held = contacts.flatMap(({ externalId }) => externalId ?? []);
  if (new Set(held).size < held.length) throw contactTaken();
  return contacts;
}

/** The field that `contactTaken` names. */
export const CONTACT_EXTERNAL_ID = 'contact.external_id';

/** Another contact of the tenant has this external id. */
export function contactTaken(): FacetError {
  return new FacetError('ALREADY_EXISTS', {
    message: 'Another contact already holds this external id.',
    violations: [{ field: CONTACT_EXTERNAL_ID, description: 'is already taken', rule: 'unique' }],
  });
}
