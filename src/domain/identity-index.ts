import { shownKey, shownType } from './agents.js';
import { credentialClaim, credentialToken, heldIdentifiers } from './credential/identifiers.js';
import { fold } from './fold.js';
import type { IdentityRecord, StoredIdentity } from './identity.js';
import { currentIdentity } from './identity-shape.js';
import { fullName, jobTitleOf, nameParts, namesOf, shownName } from './names.js';
import { shownContacts } from './shown-contacts.js';

/**
 * How the index is computed; raised when that changes, so that what an older version indexed is found and redone.
 * Before version 1 nothing was noted.
 */
export const INDEX_VERSION = 1;
/** In the place of the version: there is something to finish. */
export const UNFINISHED = 0;

/** What the identities collection filters and sorts by; texts are folded, so that case does not count. */
export const IDENTITY_FIELDS = {
  kind: 'text',
  name: 'text',
  shownName: 'text',
  givenName: 'text',
  middleName: 'text',
  familyName: 'text',
  jobTitle: 'text',
  state: 'text',
  countryCode: 'text',
  identityType: 'text',
  projectId: 'text',
  updateTime: 'text',
  enabled: 'boolean',
  hasMailbox: 'boolean',
  upkeep: 'number',
  organizationId: 'text',
  sessionsEnding: 'boolean',
} as const;

/** A claim or token: its kind and its values, told apart whatever they contain. */
export function claim(kind: string, ...values: (string | null)[]): string {
  return JSON.stringify([kind, ...values]);
}

/** What the mailboxes of a domain are found by. */
export function mailboxDomainToken(domainId: string): string {
  return claim('mailbox_domain', domainId);
}

export function mailboxStatusToken(status: string): string {
  return claim('mailbox_status', status);
}

/** An agent platform's key in its project, null for none: what upserts go by. */
export function agentsKeyClaim(projectId: string | null, key: string): string {
  return claim('agents_key', projectId, key);
}

/** What the identities with a key are found by, whatever their project. */
export function identifierKeyToken(key: string): string {
  return claim('identifier_key', key);
}

/** What the identities of a schema are found by. */
export function schemaToken(schemaId: string): string {
  return claim('schema', schemaId);
}

/** What is claimed and filtered by, computed from the record alone at every write. */
export function indexIdentity(stored: StoredIdentity) {
  if (stored.kind === 'identity') return indexRecord(currentIdentity(stored));
  // Until it is decided, the record that is to be merged stays where it was.
  if (stored.kind === 'merged' && stored.source !== null) {
    const { claims, tokens, fields } = indexRecord(currentIdentity(stored.source));
    return { claims, tokens, fields: { ...fields, upkeep: UNFINISHED } };
  }
  const kept = stored.kind === 'merged' ? stored.claims : [];
  const fields = { ...NO_FIELDS, kind: stored.kind, upkeep: INDEX_VERSION };
  return { claims: [claim('id', stored.id), ...kept], tokens: [], fields };
}

function indexRecord(record: IdentityRecord) {
  return {
    claims: [claim('id', record.id), ...heldClaims(record)],
    tokens: tokens(record),
    fields: fields(record),
  };
}

/** What the record's own document claims besides its id: not what the pointers to it keep claimed. */
export function heldClaims(record: IdentityRecord): string[] {
  const elsewhere = new Set(record.absorbed.flatMap(({ claims }) => claims));
  return shownClaims(record).filter((each) => !elsewhere.has(each));
}

/** What an identity is found by through one of its contacts; case does not count. */
export function contactToken(value: string): string {
  return claim('contact', fold(value));
}

/** What an identity is found by through the profiles contract's uuid. */
export function uuidClaim(uuid: string): string {
  return claim('uuid', uuid);
}

const NO_FIELDS = Object.fromEntries(Object.keys(IDENTITY_FIELDS).map((name) => [name, null])) as Record<
  keyof typeof IDENTITY_FIELDS,
  string | number | boolean | null
>;

/** What nobody else may claim while the record is as it is. */
export function shownClaims(record: IdentityRecord): string[] {
  const held = [agentsKeyClaim(record.agents.projectId, shownKey(record))];
  if (record.externalId !== null) held.push(claim('external_id', record.externalId));
  if (record.uuid !== null) held.push(uuidClaim(record.uuid));
  for (const { externalId } of record.contacts) {
    if (externalId !== null) held.push(claim('contact', externalId));
  }
  if (record.mailbox !== null) held.push(claim('mailbox', record.mailbox.address));
  const identifiers = heldIdentifiers(record).map(({ kind, value }) => credentialClaim(kind, value));
  // One trait may be marked twice.
  held.push(...new Set(identifiers));
  for (const request of record.requests) held.push(claim('request_id', request.key));
  return held;
}

function tokens(record: IdentityRecord): string[] {
  const found = shownContacts(record).map(({ value }) => contactToken(value));
  found.push(...new Set(heldIdentifiers(record).map(({ value }) => credentialToken(value))));
  found.push(identifierKeyToken(shownKey(record)));
  if (record.schemaId !== null) found.push(schemaToken(record.schemaId));
  if (record.uuid !== null) found.push(uuidClaim(record.uuid));
  if (record.mailbox !== null) {
    found.push(mailboxDomainToken(record.mailbox.domainId), mailboxStatusToken(record.mailbox.status));
  }
  return found;
}

function fields(
  record: IdentityRecord,
): Record<keyof typeof IDENTITY_FIELDS, string | number | boolean | null> {
  const parts = nameParts(record);
  const folded = (text: string | null) => (text === null ? null : fold(text));
  return {
    kind: record.kind,
    name: folded(fullName(record)),
    shownName: folded(shownName(record)),
    givenName: folded(parts.given),
    middleName: folded(namesOf(record).middleName),
    familyName: folded(parts.family),
    jobTitle: folded(jobTitleOf(record)),
    state: record.state,
    countryCode: record.countryCode,
    identityType: shownType(record),
    projectId: record.agents.projectId,
    updateTime: record.updateTime,
    enabled: record.state === 'active',
    hasMailbox: record.mailbox !== null,
    upkeep: record.incoming === null ? INDEX_VERSION : UNFINISHED,
    organizationId: record.organizationId,
    sessionsEnding: record.sessionsEnding,
  };
}
