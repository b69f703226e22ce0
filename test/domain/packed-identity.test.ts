import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BLANK_IDENTITY } from '../../src/domain/blank-identity.js';
import type { DeletedIdentity, IdentityRecord } from '../../src/domain/identity.js';
import { changeIdentity, newIdentity } from '../../src/domain/identity-change.js';
import { packIdentity, unpackIdentity } from '../../src/domain/packed-identity.js';

const packing = suite('packed identity');

const now = '2026-01-01T00:00:00.000Z';
const origin = { contract: 'core' as const, request: null, now };
const fresh = newIdentity({ tenant: 't', id: 'i' }, {}, origin);

/** Through the text that stores keep. */
function kept(record: IdentityRecord): unknown {
  return JSON.parse(JSON.stringify(packIdentity(record)));
}
const readAgain = (record: IdentityRecord) => unpackIdentity(kept(record) as IdentityRecord);

packing('of a new record only what tells it from others is kept', () => {
  assert.equal(Object.keys(kept(fresh) as object), [
    ...['kind', 'schemaVersion', 'id', 'tenant', 'version', 'stateChangeTime', 'writtenBy'],
    ...['createTime', 'updateTime'],
  ]);
  assert.equal(readAgain(fresh), fresh);
});

packing('whatever a member has been set to is read again, also where it is empty or false', () => {
  const others = {
    text: ['', 'x'],
    number: [1, -1],
    boolean: [true],
    object: [null, 'x', [], ['x'], { x: [] }, 0, false],
  };
  for (const [name, blank] of Object.entries(BLANK_IDENTITY)) {
    if (name === 'kind' || name === 'schemaVersion') continue;
    const type = typeof blank === 'string' ? 'text' : (typeof blank as 'number' | 'boolean' | 'object');
    for (const value of [blank, ...others[type]]) {
      const record = { ...fresh, [name]: value } as IdentityRecord;
      assert.equal(readAgain(record), record, `${name}: ${JSON.stringify(value)}`);
    }
  }
});

packing('a record in use is read again as it was', () => {
  const change = {
    displayName: 'Ada Byron',
    tags: ['a', 'b'],
    state: 'inactive' as const,
    traits: '{"name":null}',
    agents: { identifierKey: 'k', properties: [{ key: 'p', type: 'json' as const, value: 'null' }] },
  };
  const record = changeIdentity(fresh, change, { contract: 'agents', now });
  assert.equal(readAgain(record), record);
});

packing('the blank record has every member that a new one has', () => {
  assert.equal(Object.keys(BLANK_IDENTITY).sort(), Object.keys(fresh).sort());
});

packing('what records share cannot be changed through one of them', () => {
  const { tags, agents } = readAgain(fresh) as IdentityRecord;
  assert.throws(() => (tags as string[]).push('x'), TypeError);
  assert.throws(() => (agents.agentIds as string[]).push('x'), TypeError);
  assert.throws(() => Object.assign(agents, { identifierKey: 'x' }), TypeError);
});

packing('records of former versions and what is left of deleted ones are kept as they are', () => {
  const older = { ...fresh, schemaVersion: 3 };
  const deleted: DeletedIdentity = {
    kind: 'deleted',
    schemaVersion: fresh.schemaVersion,
    id: 'i',
    tenant: 't',
    linkedin: { ref: null, connector: null },
    absorbed: [],
    deleteTime: now,
  };
  for (const stored of [older, deleted]) {
    assert.is(packIdentity(stored), stored);
    assert.is(unpackIdentity(stored), stored);
  }
});

packing('a record that was kept whole is read as it is', () => {
  const whole = { ...fresh, givenName: 'Ada', tags: ['x'] };
  assert.equal(unpackIdentity(JSON.parse(JSON.stringify(whole))), whole);
});

packing.run();
