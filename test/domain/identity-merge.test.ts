import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IdentityChange, IdentityRecord } from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import { heldClaims, indexIdentity, shownClaims } from '../../src/domain/identity-index.js';
import { collisionsOf, joinIdentities } from '../../src/domain/identity-merge.js';
import { mailboxAddress } from '../../src/domain/mailbox.js';
import { decideMerge, hasTaken, pointerOf, withIntent } from '../../src/domain/merged-identity.js';

const test = suite('identity merge');

const NOW = '2026-02-01T00:00:00.000Z';

function record(id: string, change: IdentityChange = {}, more: Partial<IdentityRecord> = {}): IdentityRecord {
  const contactIds = (change.newContacts ?? []).map((_, at) => `${id}-${at}`);
  const origin = { contract: 'core', request: null, contactIds, now: '2026-01-01T00:00:00.000Z' } as const;
  return { ...newIdentity({ tenant: 't', id }, change, origin), ...more };
}

const mailbox = {
  ...mailboxAddress('ada', { id: 'd', name: 'example.com' }),
  assistantId: null,
  replyToEmail: null,
  signatureText: null,
  signatureHtml: null,
  threadHistoryDepth: 10,
  approvalChannel: '{}',
  status: 'active',
} as const;

const collisions = (target: IdentityRecord, source: IdentityRecord) =>
  collisionsOf(target, source).map(({ field }) => field);

test('the target keeps what it has and takes what it lacks', () => {
  const target = record('a', { givenName: 'Ada', externalId: '1', tags: ['x', 'y'] });
  const source = record('b', { familyName: 'Byron', uuid: '2', tags: ['y', 'z'], mailbox }, { version: 7 });
  const joined = joinIdentities(target, source, NOW);
  const { id, givenName, familyName, externalId, uuid, tags, createTime, updateTime, version } = joined;
  assert.equal(
    { id, givenName, familyName, externalId, uuid, tags },
    { id: 'a', givenName: 'Ada', familyName: 'Byron', externalId: '1', uuid: '2', tags: ['x', 'y', 'z'] },
  );
  assert.is(joined.mailbox, mailbox);
  assert.equal([createTime, updateTime], [target.createTime, NOW]);
  assert.is(version, 8, 'no etag of either goes with what they have become');
});

test('the traits come whole from whichever has some, with all that follows from them', () => {
  const facts = {
    identifiers: [{ credential: 'password', value: 'a@b.co' }],
    verifiable: [],
    recovery: [],
    names: {},
  };
  const withTraits = { traits: '{"email":"a@b.co"}', schemaId: 'staff', traitFacts: facts };
  for (const [target, source] of [
    [record('a', withTraits), record('b')],
    [record('a'), record('b', withTraits)],
  ] as const) {
    assert.equal(collisions(target, source), []);
    const { traits, schemaId, traitFacts } = joinIdentities(target, source, NOW);
    assert.equal({ traits, schemaId, traitFacts }, withTraits);
  }
  const other = record('b', { ...withTraits, traits: '{"email":"c@d.co"}' });
  assert.equal(collisions(record('a', withTraits), other), ['traits']);
});

test('credentials are joined, unless one type is there on both', () => {
  const dated = { version: 0, createTime: NOW, updateTime: NOW };
  const password = { type: 'password', hash: 'h', ...dated } as const;
  const totp = { type: 'totp', sealedUrl: 's', lastStep: null, ...dated } as const;
  const target = record('a', { credentials: [password] });
  assert.equal(joinIdentities(target, record('b', { credentials: [totp] }), NOW).credentials, [
    password,
    totp,
  ]);
  assert.equal(collisions(target, record('b', { credentials: [{ ...password, hash: 'other' }] })), [
    'credentials',
  ]);
});

test('every field that would lose a value is named, and equal values are no collision', () => {
  const both = { givenName: 'Ada', middleName: 'King', countryCode: 'GB' };
  const target = record('a', {
    ...both,
    familyName: 'A',
    jobTitle: 'A',
    externalId: '1',
    uuid: '1',
    mailbox,
  });
  const source = record('b', {
    ...both,
    familyName: 'B',
    jobTitle: 'B',
    externalId: '2',
    uuid: '2',
    mailbox,
    displayName: 'B',
    state: 'inactive',
  });
  assert.equal(collisions(target, source), [
    'family_name',
    'job_title',
    'state',
    'external_id',
    'uuid',
    'mailbox',
  ]);
  assert.throws(() => joinIdentities(target, source, NOW), /collides/);
});

test('lists are joined as far as they may be long', () => {
  const contact = { key: 'email', value: 'a@b.co', externalId: null } as const;
  const of = (id: string, count: number) => record(id, { newContacts: Array(count).fill(contact) });
  assert.is(joinIdentities(of('a', 60), of('b', 40), NOW).contacts.length, 100);
  assert.equal(collisions(of('a', 60), of('b', 41)), ['contacts']);
  const tags = (of: string, count: number) => Array.from({ length: count }, (_, n) => `${of}${n}`);
  assert.equal(collisions(record('a', { tags: tags('a', 60) }), record('b', { tags: tags('b', 41) })), [
    'tags',
  ]);
  assert.equal(collisions(record('a', { tags: tags('a', 60) }), record('b', { tags: tags('a', 60) })), []);
  const absorbed = Array.from({ length: 100 }, (_, n) => ({ id: String(n), claims: [] }));
  assert.equal(collisions(record('a', {}, { absorbed }), record('b')), ['absorbed']);
});

test('of two LinkedIn connections one may stand on an account', () => {
  const none = record('a').linkedin;
  const history = { ...none, sessionId: 's1', sessionSettled: true, profileId: 'li_b' };
  const connected = { ...history, status: 'connected', stored: true, ref: 'r', connector: 'c' } as const;
  const open = { ...none, sessionId: 's2', sessionSettled: false };
  const joined = (one: typeof none, other: typeof none) =>
    joinIdentities(record('a', {}, { linkedin: one }), record('b', {}, { linkedin: other }), NOW).linkedin;
  assert.is(joined(none, connected), connected);
  assert.is(joined(history, connected), connected);
  assert.is(joined(connected, history), connected);
  assert.is(joined(open, history), open);
  assert.is(joined(none, history), history);
  for (const one of [connected, open])
    assert.equal(collisions(record('a', {}, { linkedin: one }), record('b', {}, { linkedin: connected })), [
      'linkedin',
    ]);
});

test('what agent platforms keep is joined; a key comes with its project', () => {
  const property = (key: string, value: string) => ({ key, type: 'string', value }) as const;
  const target = record('a', { agents: { agentIds: ['x'], properties: [property('p', '"1"')] } });
  const agents = { identifierKey: 'k', projectId: 'j', identityType: 'org', agentIds: ['x', 'y'] } as const;
  const source = record('b', {
    agents: { ...agents, properties: [property('p', '"1"'), property('q', '"2"')] },
  });
  assert.equal(joinIdentities(target, source, NOW).agents, {
    ...agents,
    blockIds: [],
    properties: [property('p', '"1"'), property('q', '"2"')],
  });
  const other = record('c', {
    agents: { identifierKey: 'l', identityType: 'user', properties: [property('q', '"3"')] },
  });
  assert.equal(collisions(other, source), ['identifier_key', 'project_id', 'identity_type', 'properties']);
  assert.equal(collisions(record('c', { agents: { identifierKey: 'k', projectId: 'j' } }), source), []);
});

test('the requests and the writers of both are remembered', () => {
  const request = (key: string) => ({ key, fingerprint: 'f', time: NOW });
  const target = record('a', {}, { requests: [request('1')], writtenBy: ['core', 'outreach'] });
  const source = record('b', {}, { requests: [request('2')], writtenBy: ['mailbox', 'core'] });
  const joined = joinIdentities(target, source, NOW);
  assert.equal(
    joined.requests.map(({ key }) => key),
    ['1', '2'],
  );
  assert.equal(joined.writtenBy, ['core', 'outreach', 'mailbox']);
});

const intent = { attempt: 'try', source: 'b', version: null, time: NOW };

test('a claim is never free and never twice: until the decision and after it one document has it', () => {
  const target = record('a', { externalId: '1' });
  const source = record('b', { uuid: '2' });
  const pointer = pointerOf(source, 'a', intent, undefined);
  const before = indexIdentity(source).claims;
  assert.equal(indexIdentity(pointer).claims, before);
  const decided = decideMerge(withIntent(target, intent), pointer) as IdentityRecord;
  assert.ok(hasTaken(decided, pointer));
  assert.is(decided.uuid, '2');
  assert.equal(indexIdentity({ ...pointer, source: null }).claims, before);
  assert.equal(indexIdentity(decided).claims, indexIdentity(target).claims);
  assert.equal(heldClaims(decided), heldClaims(target));
  const shown = shownClaims(decided);
  for (const claim of ['["external_id","1"]', '["uuid","2"]']) assert.ok(shown.includes(claim), claim);
});

test('what is being merged is listed as before until it is decided', () => {
  const source = record('b', { givenName: 'Ada' });
  const pointer = pointerOf(source, 'a', intent, undefined);
  const { upkeep, ...fields } = indexIdentity(pointer).fields;
  const { upkeep: _, ...shown } = indexIdentity(source).fields;
  assert.equal([fields, upkeep], [shown, 0]);
  assert.is(indexIdentity({ ...pointer, source: null }).fields.kind, 'merged');
});

test('the decision drops the intent where the two have come to collide, or the version is another', () => {
  const pointer = pointerOf(record('b', { uuid: '2' }), 'a', intent, undefined);
  const target = record('a', { uuid: '1' });
  assert.equal(decideMerge(withIntent(target, intent), pointer), target);
  const late = record('a', {}, { version: 2 });
  assert.equal(decideMerge(withIntent(late, { ...intent, version: 1 }), pointer), late);
});

test('a decision stands: another try, or none, takes nothing in', () => {
  const pointer = pointerOf(record('b'), 'a', intent, undefined);
  for (const stored of [record('a'), withIntent(record('a'), { ...intent, attempt: 'another' })])
    assert.is(decideMerge(stored, pointer), stored);
});

test.run();
