import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeAgents, NO_AGENTS, type Property } from '../../src/domain/agents.js';
import { FacetError } from '../../src/domain/errors.js';
import type { IdentityChange } from '../../src/domain/identity.js';
import { changeIdentity, newIdentity } from '../../src/domain/identity-change.js';
import { indexIdentity } from '../../src/domain/identity-index.js';

const agents = suite('agents part of the record');

const property = (key: string, value: string): Property => ({ key, type: 'string', value });
const origin = { contract: 'agents' as const, request: null, now: '2026-01-01T00:00:00.000Z' };
const record = (change: IdentityChange) => newIdentity({ tenant: 't', id: 'i' }, change, origin);
const keyClaims = (change: IdentityChange) =>
  indexIdentity(record(change)).claims.filter((claim) => claim.startsWith('["agents_key"'));

agents('merged properties keep their place, new ones come last, and the last of one key counts', () => {
  const properties = [property('a', '1'), property('b', '2'), property('a', '3')];
  const before = changeAgents(NO_AGENTS, { properties });
  assert.equal(before.properties, properties);
  const after = changeAgents(before, { mergedProperties: [property('c', '4'), property('b', '5')] });
  assert.equal(after.properties, [property('a', '3'), property('b', '5'), property('c', '4')]);
});

agents('merging no properties leaves those of one key alone', () => {
  const properties = [property('a', '1'), property('a', '2')];
  const before = changeAgents(NO_AGENTS, { properties });
  assert.equal(changeAgents(before, { mergedProperties: [] }).properties, properties);
});

agents('a property named as a member of every object is one like others', () => {
  const mergedProperties = [property('__proto__', '1'), property('constructor', '2')];
  assert.equal(changeAgents(NO_AGENTS, { mergedProperties }).properties, mergedProperties);
});

agents('properties that grow too large by merging are refused', () => {
  const half = JSON.stringify('x'.repeat(300_000));
  const before = changeAgents(NO_AGENTS, { properties: [property('a', half)] });
  assert.throws(
    () => changeAgents(before, { mergedProperties: [property('b', half)] }),
    (error: unknown) =>
      error instanceof FacetError &&
      error.reason === 'INVALID_INPUT' &&
      error.violations[0]?.field === 'identity.properties',
  );
  changeAgents(before, { mergedProperties: [property('a', half)] });
});

agents('a link that is given twice is kept once', () => {
  assert.equal(changeAgents(NO_AGENTS, { agentIds: ['b', 'a', 'b'], blockIds: ['c', 'c'] }), {
    ...NO_AGENTS,
    agentIds: ['b', 'a'],
    blockIds: ['c'],
  });
});

agents('every record claims one key: its own, else one derived from its id, in its project', () => {
  assert.equal(keyClaims({}), ['["agents_key",null,"identity-i"]']);
  assert.equal(keyClaims({ agents: { projectId: 'p' } }), ['["agents_key","p","identity-i"]']);
  assert.equal(keyClaims({ agents: { identifierKey: 'k' } }), ['["agents_key",null,"k"]']);
  assert.equal(keyClaims({ agents: { identifierKey: 'k', projectId: 'null' } }), [
    '["agents_key","null","k"]',
  ]);
});

agents('a record is filtered by the name, type and key that are shown', () => {
  const { fields, tokens } = indexIdentity(record({ givenName: 'Ada', familyName: 'Byron' }));
  assert.is(fields.shownName, 'ada byron');
  assert.is(fields.identityType, 'user');
  assert.ok(tokens.includes('["identifier_key","identity-i"]'));
  const other = indexIdentity(
    record({ givenName: 'Ada', displayName: 'Countess', agents: { identityType: 'org', projectId: 'p' } }),
  );
  assert.is(other.fields.shownName, 'countess');
  assert.is(other.fields.identityType, 'org');
  assert.is(other.fields.projectId, 'p');
});

agents('a change that says what is there already changes nothing', () => {
  const before = record({
    agents: { identifierKey: 'k', agentIds: ['a'], properties: [property('a', '1')] },
  });
  const change = {
    agents: { identifierKey: 'k', agentIds: ['a', 'a'], mergedProperties: [property('a', '1')] },
  };
  assert.is(changeIdentity(before, change, origin), before);
  assert.is.not(changeIdentity(before, { agents: { identifierKey: null } }, origin), before);
});

agents.run();
