import type { AddressRecord } from './address.js';
import type { AgentsChange, AgentsRecord } from './agents.js';
import type { ContactInput, ContactRecord } from './contact.js';
import type { CredentialRecord } from './credential/credential.js';
import type { PreparedCredential } from './credential/credential-change.js';
import type { ConnectionRecord } from './linkedin/connection.js';
import type { MailboxChange, MailboxRecord } from './mailbox.js';
import type { RequestClaim } from './request-claim.js';
import type { TraitFacts } from './traits.js';

/** What the record looks like; raised when its shape changes, so that old ones can be redone. */
export const IDENTITY_SCHEMA_VERSION = 4;

/** Whether the identity is in use. Shown as `enabled` where a contract has that word. */
export type IdentityState = 'active' | 'inactive';

/** The contracts that can write to a record. */
export const CONTRACT_NAMES = ['core', 'outreach', 'mailbox', 'agents', 'admin', 'profiles'] as const;
export type ContractName = (typeof CONTRACT_NAMES)[number];

/**
 * One identity with all that belongs to it: one document. Times are RFC 3339 in UTC with milliseconds.
 * A field that is not set is null.
 */
export interface IdentityRecord {
  readonly kind: 'identity';
  readonly schemaVersion: number;
  /** UUIDv7. */
  readonly id: string;
  readonly tenant: string;
  /** Counts the writes that a client can see: its etag. */
  readonly version: number;
  readonly givenName: string | null;
  readonly middleName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  readonly jobTitle: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode: string | null;
  readonly tags: readonly string[];
  readonly state: IdentityState;
  /** When the state last changed. */
  readonly stateChangeTime: string;
  /** The caller's own id, unique in the tenant. */
  readonly externalId: string | null;
  /** The profiles contract's own external id, unique in the tenant. */
  readonly uuid: string | null;
  /** In the order they came. */
  readonly contacts: readonly ContactRecord[];
  readonly mailbox: MailboxRecord | null;
  readonly agents: AgentsRecord;
  readonly linkedin: ConnectionRecord;
  /** The schema that the traits follow; null stands for `default`. */
  readonly schemaId: string | null;
  /** A JSON object as text, value for value as it was given. */
  readonly traits: string;
  readonly traitFacts: TraitFacts;
  /** JSON text. */
  readonly metadataPublic: string | null;
  /** JSON text, shown to administrators only. */
  readonly metadataAdmin: string | null;
  readonly organizationId: string | null;
  readonly verifiableAddresses: readonly AddressRecord[];
  readonly recoveryAddresses: readonly AddressRecord[];
  /** One of each kind at most. No view shows the secret part of one. */
  readonly credentials: readonly CredentialRecord[];
  /** Auth sessions that began under another number hold no more: raising it ends them all at once. */
  readonly sessionEpoch: number;
  /** The sessions of former numbers are still to be marked as ended. */
  readonly sessionsEnding: boolean;
  /** Which contracts have written to the record. */
  readonly writtenBy: readonly ContractName[];
  /** The creates that made or completed the record, one a contract at most. */
  readonly requests: readonly RequestClaim[];
  /** The identities that were merged into this one, which their ids still lead to. */
  readonly absorbed: readonly AbsorbedIdentity[];
  /** A merge into this record that is not decided yet. */
  readonly incoming: MergeIntent | null;
  readonly createTime: string;
  readonly updateTime: string;
}

/** An identity that was merged into another one. */
export interface AbsorbedIdentity {
  readonly id: string;
  /** What its pointer keeps claimed for the record: the record does not claim it again. */
  readonly claims: readonly string[];
}

/** That a record is to take another one in, written before anything else is. */
export interface MergeIntent {
  /** Which of the tries to merge this is: an id of its own. */
  readonly attempt: string;
  readonly source: string;
  /** The version that the record must still have; null where any will do. */
  readonly version: number | null;
  /** RFC 3339. */
  readonly time: string;
}

/** What is left of an identity that was merged into another one: its id leads there, and its claims stay its own. */
export interface MergedIdentity {
  readonly kind: 'merged';
  readonly schemaVersion: number;
  readonly id: string;
  readonly tenant: string;
  readonly target: string;
  /** That of the intent in the target. */
  readonly attempt: string;
  /** Held for the target, besides its own id. */
  readonly claims: readonly string[];
  /** The record as it was, until it is decided whether the target takes it in; so long, it is what is shown. */
  readonly source: IdentityRecord | null;
  /** What the record had taken in itself. */
  readonly absorbed: readonly AbsorbedIdentity[];
  readonly mergeTime: string;
}

/**
 * What is left of a deleted identity until its clean-up is done: no personal data and no claim but its id.
 * Readers take it for absent.
 */
export interface DeletedIdentity {
  readonly kind: 'deleted';
  readonly schemaVersion: number;
  readonly id: string;
  readonly tenant: string;
  /** What the connector still has to be told to forget. */
  readonly linkedin: Pick<ConnectionRecord, 'ref' | 'connector'>;
  /** The pointers that go with it. */
  readonly absorbed?: readonly string[];
  readonly deleteTime: string;
}

/** What the identities collection holds. */
export type StoredIdentity = IdentityRecord | MergedIdentity | DeletedIdentity;

/** The fields that a caller may set. Undefined keeps, null clears. */
export interface IdentityChange {
  readonly givenName?: string | null | undefined;
  readonly middleName?: string | null | undefined;
  readonly familyName?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly jobTitle?: string | null | undefined;
  readonly countryCode?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly state?: IdentityState | undefined;
  readonly externalId?: string | null | undefined;
  readonly uuid?: string | null | undefined;
  readonly schemaId?: string | null | undefined;
  /** With it comes what the schema's keywords find in it: the facts and both lists of addresses. */
  readonly traits?: string | undefined;
  readonly traitFacts?: TraitFacts | undefined;
  readonly verifiableAddresses?: readonly AddressRecord[] | undefined;
  readonly recoveryAddresses?: readonly AddressRecord[] | undefined;
  readonly metadataPublic?: string | null | undefined;
  readonly metadataAdmin?: string | null | undefined;
  readonly organizationId?: string | null | undefined;
  /** The whole list. */
  readonly credentials?: readonly CredentialRecord[] | undefined;
  /** Credentials to put into the list that is there. */
  readonly newCredentials?: readonly PreparedCredential[] | undefined;
  /** Contacts to add; those that are there stay. */
  readonly newContacts?: readonly ContactInput[] | undefined;
  /** A mailbox for an identity that has none. */
  readonly mailbox?: MailboxRecord | undefined;
  /** A change of the mailbox that is there. */
  readonly mailboxChange?: MailboxChange | undefined;
  readonly agents?: AgentsChange | undefined;
}
