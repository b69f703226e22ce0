import { shownKey, shownType } from './agents.js';
import type { IdentityRecord, StoredIdentity } from './identity.js';
import { currentIdentity } from './identity-shape.js';
import { fullName, nameParts, shownName } from './names.js';

/** How long a repeated create is still answered as the first was. */
export const REQUEST_CLAIM_MS = 24 * 3_600_000;

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
} as const;

/** The form in which texts are compared without regard to case. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

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
  if (stored.kind === 'deleted') {
    return { claims: [claim('id', stored.id)], tokens: [], fields: { ...NO_FIELDS, kind: stored.kind } };
  }
  const record = currentIdentity(stored);
  return { claims: claims(record), tokens: tokens(record), fields: fields(record) };
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
  string | boolean | null
>;

function claims(record: IdentityRecord): string[] {
  const held = [claim('id', record.id), agentsKeyClaim(record.agents.projectId, shownKey(record))];
  if (record.externalId !== null) held.push(claim('external_id', record.externalId));
  if (record.uuid !== null) held.push(uuidClaim(record.uuid));
  for (const { externalId } of record.contacts) {
    if (externalId !== null) held.push(claim('contact', externalId));
  }
  if (record.mailbox !== null) held.push(claim('mailbox', record.mailbox.address));
  for (const request of record.requests) held.push(claim('request_id', request.key));
  return held;
}

function tokens(record: IdentityRecord): string[] {
  const found = record.contacts.map(({ value }) => contactToken(value));
  found.push(identifierKeyToken(shownKey(record)));
  if (record.uuid !== null) found.push(uuidClaim(record.uuid));
  if (record.mailbox !== null) {
    found.push(mailboxDomainToken(record.mailbox.domainId), mailboxStatusToken(record.mailbox.status));
  }
  return found;
}

function fields(record: IdentityRecord): Record<keyof typeof IDENTITY_FIELDS, string | boolean | null> {
  const parts = nameParts(record);
  const folded = (text: string | null) => (text === null ? null : fold(text));
  return {
    kind: record.kind,
    name: folded(fullName(record)),
    shownName: folded(shownName(record)),
    givenName: folded(parts.given),
    middleName: folded(record.middleName),
    familyName: folded(parts.family),
    jobTitle: folded(record.jobTitle),
    state: record.state,
    countryCode: record.countryCode,
    identityType: shownType(record),
    projectId: record.agents.projectId,
    updateTime: record.updateTime,
    enabled: record.state === 'active',
    hasMailbox: record.mailbox !== null,
  };
}
