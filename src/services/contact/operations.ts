import type { ContactChange, ContactInput, ContactRecord } from '../../domain/contact.js';
import {
  addContacts,
  changeContact,
  contactAddedBy,
  contactOf,
  removeContact,
} from '../../domain/contact-change.js';
import { FacetError } from '../../domain/errors.js';
import type { Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityRecord } from '../../domain/identity.js';
import { withContacts } from '../../domain/identity-change.js';
import { isFromTraits, shownContacts } from '../../domain/shown-contacts.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from '../identity/context.js';
import { getIdentity } from '../identity/read.js';
import { requestClaim } from '../identity/request-claim.js';
import { rewriteIdentity } from '../identity/write.js';

/** Whose contacts. */
export interface ContactOwner {
  readonly tenant: string;
  readonly id: string;
}

/** Through which contract contacts are written, and what the write depends on. */
export interface ContactOrigin {
  readonly contract: ContractName;
  readonly precondition: Precondition;
}

/** A contact with the record that holds it, whose version is its etag. */
export interface HeldContact {
  readonly record: IdentityRecord;
  readonly contact: ContactRecord;
}

/**
 * The contacts of identities. They are part of the record, so a write of one is a write of its identity: it moves
 * the update time, and its etag is the record's. Throws IDENTITY_NOT_FOUND, CONTACT_NOT_FOUND, ALREADY_EXISTS,
 * ETAG_MISMATCH, CONTACT_LIMIT, and CONTACT_READ_ONLY for one that is shown from the traits.
 */
export interface ContactOperations {
  list(owner: ContactOwner, wait: Wait): Promise<readonly ContactRecord[]>;
  get(owner: ContactOwner, contactId: string, wait: Wait): Promise<HeldContact>;
  /** Asked again under one request key, it answers the contact that it has added. Throws IDEMPOTENCY_KEY_REUSED. */
  add(
    owner: ContactOwner,
    contact: ContactInput,
    origin: ContactOrigin & { readonly requestKey?: string | undefined },
    wait: Wait,
  ): Promise<HeldContact>;
  /** `path` is where the caller gave the change, for what is wrong with it. */
  update(
    owner: ContactOwner,
    contactId: string,
    change: ContactChange,
    origin: ContactOrigin & { readonly path: string },
    wait: Wait,
  ): Promise<HeldContact>;
  remove(owner: ContactOwner, contactId: string, origin: ContactOrigin, wait: Wait): Promise<void>;
}

export function contactOperations(context: IdentityContext): ContactOperations {
  const by = ({ contract }: ContactOrigin) => ({ contract, now: context.now().toISOString() });
  const held = (record: IdentityRecord, id: string) => ({
    record,
    contact: contactOf(shownContacts(record), id),
  });
  return {
    async list({ tenant, id }, wait) {
      return shownContacts(await getIdentity(context, tenant, id, wait));
    },
    async get({ tenant, id }, contactId, wait) {
      return held(await getIdentity(context, tenant, id, wait), contactId);
    },
    async add(owner, contact, origin, wait) {
      const id = context.newId();
      const change = by(origin);
      const request = requestClaim(context, origin.requestKey, [origin.contract, contact]);
      const added = request === null ? contact : { ...contact, request };
      const add = (record: IdentityRecord) => {
        if (contactAddedBy(record.contacts, request) !== undefined) return record;
        return withContacts(
          record,
          addContacts(record.contacts, [added], { ids: [id], now: change.now }),
          change,
        );
      };
      const record = await rewriteIdentity(context, owner, add, origin, wait);
      return held(record, contactAddedBy(record.contacts, request)?.id ?? id);
    },
    async update(owner, contactId, given, origin, wait) {
      const change = by(origin);
      const where = { path: origin.path, now: change.now };
      const update = (record: IdentityRecord) => {
        assertOwn(record, contactId);
        return withContacts(record, changeContact(record.contacts, contactId, given, where), change);
      };
      return held(await rewriteIdentity(context, owner, update, origin, wait), contactId);
    },
    async remove(owner, contactId, origin, wait) {
      const change = by(origin);
      const remove = (record: IdentityRecord) => {
        assertOwn(record, contactId);
        return withContacts(record, removeContact(record.contacts, contactId), change);
      };
      await rewriteIdentity(context, owner, remove, origin, wait);
    },
  };
}

function assertOwn(record: IdentityRecord, contactId: string): void {
  if (isFromTraits(record, contactId)) throw new FacetError('CONTACT_READ_ONLY');
}
