import { changeAgents, NO_AGENTS } from './agents.js';
import type { ContactRecord } from './contact.js';
import { addContacts } from './contact-change.js';
import { importCredentials } from './credential/credential-change.js';
import { FacetError } from './errors.js';
import {
  type ContractName,
  type DeletedIdentity,
  IDENTITY_SCHEMA_VERSION,
  type IdentityChange,
  type IdentityRecord,
  type IdentityState,
} from './identity.js';
import { type ConnectionRecord, NO_CONNECTION } from './linkedin/connection.js';
import { writtenParts } from './names.js';
import type { RequestClaim } from './request-claim.js';
import { NO_TRAIT_FACTS } from './traits.js';

/** Who makes a change, and when (RFC 3339). */
export interface ChangeOrigin {
  readonly contract: ContractName;
  readonly now: string;
  /** An id for each new contact, drawn before. */
  readonly contactIds?: readonly string[];
}

/** A new record, active unless the change says otherwise. */
export function newIdentity(
  key: { tenant: string; id: string },
  change: IdentityChange,
  origin: ChangeOrigin & { readonly request: RequestClaim | null },
): IdentityRecord {
  return {
    kind: 'identity',
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    id: key.id,
    tenant: key.tenant,
    version: 1,
    givenName: change.givenName ?? null,
    middleName: change.middleName ?? null,
    familyName: change.familyName ?? null,
    displayName: change.displayName ?? null,
    jobTitle: change.jobTitle ?? null,
    countryCode: change.countryCode ?? null,
    tags: change.tags ?? [],
    state: change.state ?? 'active',
    stateChangeTime: origin.now,
    externalId: change.externalId ?? null,
    uuid: change.uuid ?? null,
    contacts: addContacts([], change.newContacts ?? [], { ids: origin.contactIds ?? [], now: origin.now }),
    mailbox: change.mailbox ?? null,
    agents: changeAgents(NO_AGENTS, change.agents),
    linkedin: NO_CONNECTION,
    schemaId: change.schemaId ?? null,
    traits: change.traits ?? '{}',
    traitFacts: change.traitFacts ?? NO_TRAIT_FACTS,
    verifiableAddresses: change.verifiableAddresses ?? [],
    recoveryAddresses: change.recoveryAddresses ?? [],
    metadataPublic: change.metadataPublic ?? null,
    metadataAdmin: change.metadataAdmin ?? null,
    organizationId: change.organizationId ?? null,
    credentials: importCredentials(change.credentials ?? [], change.newCredentials ?? [], origin.now),
    sessionEpoch: 0,
    sessionsEnding: false,
    writtenBy: [origin.contract],
    requests: origin.request === null ? [] : [origin.request],
    absorbed: [],
    incoming: null,
    createTime: origin.now,
    updateTime: origin.now,
  };
}

/** The record with the change applied; the same object where it changes nothing. */
export function changeIdentity(
  record: IdentityRecord,
  change: IdentityChange,
  origin: ChangeOrigin,
): IdentityRecord {
  const after = applied(record, change, origin);
  return equal(record, after) ? record : touched(after, origin);
}

/**
 * The record with what a contract's create gives, noted as written by it. Throws ALREADY_EXISTS where that contract
 * wrote to the record before.
 */
export function completeIdentity(
  record: IdentityRecord,
  change: IdentityChange,
  origin: ChangeOrigin & { readonly request: RequestClaim | null },
): IdentityRecord {
  if (record.writtenBy.includes(origin.contract)) {
    const message = `The contract ${origin.contract} has written to this identity before.`;
    throw new FacetError('ALREADY_EXISTS', { message });
  }
  const requests = origin.request === null ? record.requests : [...record.requests, origin.request];
  return touched({ ...applied(record, change, origin), requests }, origin);
}

/** The record with other contacts; the same object where they are those that it has. */
export function withContacts(
  record: IdentityRecord,
  contacts: readonly ContactRecord[],
  origin: ChangeOrigin,
): IdentityRecord {
  return contacts === record.contacts ? record : touched({ ...record, contacts }, origin);
}

function applied(record: IdentityRecord, change: IdentityChange, origin: ChangeOrigin): IdentityRecord {
  const { newContacts = [], newCredentials = [], mailboxChange, agents, ...named } = change;
  // The core shows every field as it is, and changes no other than those that it is told to.
  const fields = origin.contract === 'core' ? named : writtenParts(record, named);
  const mailbox = fields.mailbox ?? record.mailbox;
  return {
    ...inState(record, fields.state ?? record.state, origin.now),
    ...given(fields),
    mailbox: mailbox && { ...mailbox, ...given(mailboxChange ?? {}) },
    agents: changeAgents(record.agents, agents),
    credentials: importCredentials(fields.credentials ?? record.credentials, newCredentials, origin.now),
    contacts: addContacts(record.contacts, newContacts, { ids: origin.contactIds ?? [], now: origin.now }),
  };
}

/** The record in another state. One that is put out of use loses its auth sessions, for good. */
function inState(record: IdentityRecord, state: IdentityState, now: string): IdentityRecord {
  if (state === record.state) return record;
  const moved = { ...record, state, stateChangeTime: now };
  return state === 'inactive' ? withSessionsEnded(moved) : moved;
}

/** The record under which no auth session of before holds; marking them as ended is left to be done. */
export function withSessionsEnded(record: IdentityRecord): IdentityRecord {
  return { ...record, sessionEpoch: record.sessionEpoch + 1, sessionsEnding: true };
}

/** The members that are not undefined. */
function given<T extends object>(members: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}

/** The record with another LinkedIn connection; the same object where it is the one that it has. */
export function changeConnection(
  record: IdentityRecord,
  linkedin: ConnectionRecord,
  now: string,
): IdentityRecord {
  return equal(record.linkedin, linkedin) ? record : stamped({ ...record, linkedin }, now);
}

/** The record as if the mailbox contract had not written to it, but for the name, which others may have seen. */
export function withoutMailbox(record: IdentityRecord, now: string): IdentityRecord {
  const writtenBy = record.writtenBy.filter((contract) => contract !== 'mailbox');
  return stamped({ ...record, mailbox: null, writtenBy }, now);
}

/** What stays of a deleted record until its clean-up is done. */
export function deletedIdentity(record: IdentityRecord, now: string): DeletedIdentity {
  return {
    kind: 'deleted',
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    id: record.id,
    tenant: record.tenant,
    linkedin: { ref: record.linkedin.ref, connector: record.linkedin.connector },
    absorbed: record.absorbed.map(({ id }) => id),
    deleteTime: now,
  };
}

/** A write by a contract, which the record notes. */
function touched(record: IdentityRecord, { contract, now }: ChangeOrigin): IdentityRecord {
  const { writtenBy } = record;
  const noted = writtenBy.includes(contract) ? writtenBy : [...writtenBy, contract];
  return stamped({ ...record, writtenBy: noted }, now);
}

/** A client-visible write: one version on, and never back in time. */
function stamped(record: IdentityRecord, now: string): IdentityRecord {
  return {
    ...record,
    version: record.version + 1,
    updateTime: now > record.updateTime ? now : record.updateTime,
  };
}

function equal(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
