import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord } from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import { indexIdentity } from '../../src/domain/identity-index.js';
import { currentIdentity } from '../../src/domain/identity-shape.js';

const shape = suite('identity shape');

const now = '2026-01-01T00:00:00.000Z';
const request = { key: 'k', fingerprint: 'f', time: now };
const current = newIdentity(
  { tenant: 't', id: 'i' },
  { givenName: 'Ada' },
  { contract: 'core', request, now },
);

/** The same record as schema version 3 had it at first. */
function third(): IdentityRecord {
  const absent = [
    ...['stateChangeTime', 'schemaId', 'traits', 'traitFacts', 'metadataPublic', 'metadataAdmin'],
    ...['organizationId', 'verifiableAddresses', 'recoveryAddresses', 'credentials'],
    ...['sessionEpoch', 'sessionsEnding', 'absorbed', 'incoming'],
  ];
  const rest = Object.fromEntries(Object.entries(current).filter(([name]) => !absent.includes(name)));
  return { ...rest, schemaVersion: 3 } as unknown as IdentityRecord;
}

/** The same record as schema version 2 had it. */
function second(): IdentityRecord {
  const { agents: _, ...rest } = third();
  return { ...rest, schemaVersion: 2 } as unknown as IdentityRecord;
}

/** The same record as schema version 1 had it. */
function first(): IdentityRecord {
  const { uuid: _, contacts: __, requests, ...rest } = second();
  return { ...rest, schemaVersion: 1, request: requests[0] } as unknown as IdentityRecord;
}

shape('a record of today is left as it is', () => {
  assert.is(current.schemaVersion, IDENTITY_SCHEMA_VERSION);
  assert.is(currentIdentity(current), current);
});

shape('a record of version 1 is read and indexed as one of today', () => {
  assert.equal(currentIdentity(first()), current);
  assert.equal(indexIdentity(first()), indexIdentity(current));
});

shape('a record of version 3 is read and indexed as one of today, and keeps what it has', () => {
  assert.equal(currentIdentity(third()), current);
  assert.equal(indexIdentity(third()), indexIdentity(current));
  const agents = { ...current.agents, identifierKey: 'k-1' };
  assert.equal(currentIdentity({ ...third(), agents }), { ...current, agents });
});

shape('what version 2 has is kept', () => {
  const uuid = { ...second(), uuid: 'u-1' };
  assert.equal(currentIdentity(uuid), { ...current, uuid: 'u-1' });
  assert.equal(indexIdentity(second()), indexIdentity(current));
});

shape.run();
