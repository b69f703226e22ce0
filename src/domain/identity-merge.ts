import { joinAgents } from './agents-merge.js';
import { MOST_CONTACTS } from './contact.js';
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

function hasAccount({ stored, ref }: ConnectionRecord): boolean {
  return stored || ref !== null;
}

function isLoggingIn({ sessionId, sessionSettled }: ConnectionRecord): boolean {
  return sessionId !== null && !sessionSettled;
}

function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
