import { joinAgents } from './agents-merge.js';
import { MOST_CONTACTS } from './contact.js';
import { credentialOf } from './credential/credential.js';
import type { Violation } from './errors.js';
import type { IdentityRecord } from './identity.js';
import type { Joined } from './joined-field.js';
import type { ConnectionRecord } from './linkedin/connection.js';

type Rule<Name extends keyof IdentityRecord> = (
  target: IdentityRecord,
  source: IdentityRecord,
) => Joined<IdentityRecord[Name]>;

/** How many others an identity takes in: each is named in its record. */
const MOST_ABSORBED = 100;
const MOST_TAGS = 100;

/** What becomes of each field of a record that takes another one in. A field that is added to the record is named here. */
const RULES: { readonly [Name in keyof IdentityRecord]: Rule<Name> } = {
  kind: targets('kind'),
  schemaVersion: targets('schemaVersion'),
  id: targets('id'),
  tenant: targets('tenant'),
  // Above both, so that no etag of either goes with what they have become.
  version: (target, source) => ({ value: Math.max(target.version, source.version) + 1 }),
  givenName: either('givenName'),
  middleName: either('middleName'),
  familyName: either('familyName'),
  displayName: either('displayName'),
  jobTitle: either('jobTitle'),
  countryCode: either('countryCode'),
  tags: (target, source) => {
    const value = [...new Set([...target.tags, ...source.tags])];
    return value.length > MOST_TAGS ? { collides: `would be more than ${MOST_TAGS}` } : { value };
  },
  state: (target, source) =>
    target.state === source.state ? { value: target.state } : { collides: 'differs' },
  stateChangeTime: targets('stateChangeTime'),
  externalId: either('externalId'),
  uuid: either('uuid'),
  contacts: (target, source) => {
    const value = [...target.contacts, ...source.contacts];
    const collides = `contact_limit: at most ${MOST_CONTACTS} contacts in a record`;
    return value.length > MOST_CONTACTS ? { collides } : { value };
  },
  mailbox: (target, source) =>
    target.mailbox !== null && source.mailbox !== null
      ? { collides: 'is there on both' }
      : { value: target.mailbox ?? source.mailbox },
  agents: (target, source) => joinAgents(target.agents, source.agents),
  traits: (target, source) =>
    hasTraits(target) &&
    hasTraits(source) &&
    (target.traits !== source.traits || target.schemaId !== source.schemaId)
      ? { collides: 'differ' }
      : { value: withTraits(target, source).traits },
  // What follows from the traits goes with them.
  schemaId: (target, source) => ({ value: withTraits(target, source).schemaId }),
  traitFacts: (target, source) => ({ value: withTraits(target, source).traitFacts }),
  verifiableAddresses: (target, source) => ({ value: withTraits(target, source).verifiableAddresses }),
  recoveryAddresses: (target, source) => ({ value: withTraits(target, source).recoveryAddresses }),
  metadataPublic: either('metadataPublic'),
  metadataAdmin: either('metadataAdmin'),
  organizationId: either('organizationId'),
  credentials: (target, source) =>
    target.credentials.some(({ type }) => credentialOf(source.credentials, type) !== undefined)
      ? { collides: 'of one type are there on both' }
      : { value: [...target.credentials, ...source.credentials] },
  // The auth sessions of the source are under its own id, which is no identity any more: they have ended.
  sessionEpoch: targets('sessionEpoch'),
  sessionsEnding: targets('sessionsEnding'),
  linkedin: ({ linkedin: one }, { linkedin: other }) => {
    if (!hasAccount(other)) return { value: one.sessionId === null ? other : one };
    return hasAccount(one) || isLoggingIn(one)
      ? { collides: 'is connected or connecting on both' }
      : { value: other };
  },
  writtenBy: (target, source) => ({ value: [...new Set([...target.writtenBy, ...source.writtenBy])] }),
  requests: (target, source) => ({ value: [...target.requests, ...source.requests] }),
  absorbed: (target, source) => {
    const value = [...target.absorbed, ...source.absorbed];
    // The source itself is yet to come.
    return value.length < MOST_ABSORBED ? { value } : { collides: `would be more than ${MOST_ABSORBED}` };
  },
  incoming: targets('incoming'),
  // An id tells when its record was made, so the two go together.
  createTime: targets('createTime'),
  updateTime: (target, source) => ({
    value: target.updateTime > source.updateTime ? target.updateTime : source.updateTime,
  }),
};

/** Every field that keeps the two from being one, by its name in the core API; none where they can be joined. */
export function collisionsOf(target: IdentityRecord, source: IdentityRecord): Violation[] {
  return joinedFields(target, source).flatMap(([name, joined]) => {
    if (!('collides' in joined)) return [];
    const { collides: description, fields = [protoName(name)] } = joined;
    return fields.map((field) => ({ field, description, rule: 'merge.collision' }));
  });
}

/** The target with the fields of both. To be asked only where nothing collides. */
export function joinIdentities(target: IdentityRecord, source: IdentityRecord, now: string): IdentityRecord {
  const fields = joinedFields(target, source).map(([name, joined]) => {
    if ('collides' in joined) throw new TypeError(`${name} collides`);
    return [name, joined.value];
  });
  const joined: IdentityRecord = Object.fromEntries(fields);
  return { ...joined, updateTime: now > joined.updateTime ? now : joined.updateTime };
}

function joinedFields(target: IdentityRecord, source: IdentityRecord) {
  return Object.entries(RULES).map(([name, rule]) => [name, rule(target, source)] as const);
}

/** The target's own. */
function targets<Name extends keyof IdentityRecord>(name: Name): Rule<Name> {
  return (target) => ({ value: target[name] });
}

/** Whichever is set; two that differ collide, since one of them would be lost. */
function either<Name extends keyof IdentityRecord>(name: Name): Rule<Name> {
  return (target, source) => {
    const one: IdentityRecord[Name] | null = target[name];
    const other: IdentityRecord[Name] | null = source[name];
    if (one === null || one === other) return { value: source[name] };
    return other === null ? { value: target[name] } : { collides: 'differs' };
  };
}

function hasTraits({ traits }: IdentityRecord): boolean {
  return traits !== '{}';
}

/** Whichever of the two has traits. */
function withTraits(target: IdentityRecord, source: IdentityRecord): IdentityRecord {
  return hasTraits(target) || !hasTraits(source) ? target : source;
}

function hasAccount({ stored, ref }: ConnectionRecord): boolean {
  return stored || ref !== null;
}

function isLoggingIn({ sessionId, sessionSettled }: ConnectionRecord): boolean {
  return sessionId !== null && !sessionSettled;
}

function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
