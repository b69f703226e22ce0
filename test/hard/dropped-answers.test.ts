// Beside others: it measures no time.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { createProxy } from '../fault/proxy.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { startRole } from '../support/start-role.js';

const CALLS = 500;
const AT_ONCE = 10;
const TRIES = 200;

/** The work of `CALLS` calls, a few at a time. */
async function forAll(call: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < CALLS) await call(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Tries until there is an answer; how often none came is counted. */
async function insisting<T>(
  attempt: () => Promise<T>,
): Promise<{ readonly answer: T; readonly lost: number }> {
  for (let lost = 0; lost < TRIES; lost++) {
    try {
      return { answer: await attempt(), lost };
    } catch {
      await sleep(20);
    }
  }
  throw new Error(`no answer after ${TRIES} tries`);
}

const portOf = (address: string) => Number(address.split(':').at(-1));

forEachSharedStore('dropped answers', (test, shared) => {
  test(`${CALLS} creates over REST whose answers are dropped, repeated under their keys, make ${CALLS} identities`, async () => {
    const { key } = await shared.key('rest', 'outreach');
    const whole = await startRole('all', shared.settings);
    const proxy = await createProxy({ host: '127.0.0.1', port: portOf(whole.rest!) });
    // Every first attempt is served and its answer lost.
    const seen = new Set<string>();
    proxy.dropAnswers((request) => {
      const [, name] = /idempotency-key: (\S+)/i.exec(request.toString('latin1')) ?? [];
      const first = name !== undefined && !seen.has(name);
      if (first) seen.add(name);
      return first;
    });
    const ids = new Set<string>();
    let lostInAll = 0;
    await forAll(async (n) => {
      const { answer, lost } = await insisting(async () => {
        const response = await fetch(`http://127.0.0.1:${proxy.port}/v1/identities`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'idempotency-key': `key-${n}`, connection: 'close' },
          body: JSON.stringify({ firstName: `A${n}`, lastName: 'B', role: 'c' }),
        });
        assert.is(response.status, 201, await response.clone().text());
        return ((await response.json()) as { identity: { id: string } }).identity.id;
      });
      ids.add(answer);
      lostInAll += lost;
    });
    assert.ok(lostInAll >= CALLS, `${lostInAll} answers were dropped`);
    const listed = await countOf(whole.grpc!, key);
    assert.equal([ids.size, listed], [CALLS, CALLS]);
    await proxy.stop();
  });

  if (shared.name !== 'mongo') return;

  test(`${CALLS} creates whose store's acknowledgements are dropped, repeated by request_id, make ${CALLS} identities`, async () => {
    const { key } = await shared.key('driver');
    const uri = new URL(shared.settings.MONGODB_URI!);
    const proxy = await createProxy({ host: uri.hostname, port: Number(uri.port) });
    const through = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true&retryWrites=false`;
    const service = await startRole('service', { ...shared.settings, MONGODB_URI: through });
    let inserts = 0;
    let dropped = 0;
    proxy.dropAnswers((request) => {
      const isInsert = request.includes('insert\0') && request.includes('identities');
      const isDropped = isInsert && ++inserts % 3 === 1;
      if (isDropped) dropped++;
      return isDropped;
    });
    const client = grpcClient(IdentityServiceDefinition, service.grpc!, key);
    const ids = new Set<string>();
    await forAll(async (n) => {
      const requestId = randomUUID();
      const identity = identityOf({ givenName: `A${n}` });
      ids.add((await insisting(() => client.createIdentity({ identity, requestId }))).answer.id);
    });
    proxy.dropAnswers(() => false);
    assert.ok(dropped > CALLS / 10, `${dropped} acknowledgements were dropped`);
    assert.equal([ids.size, await countOf(service.grpc!, key)], [CALLS, CALLS]);
    client.close();
    await proxy.stop();
  });
});

async function countOf(address: string, key: string): Promise<number> {
  const client = grpcClient(IdentityServiceDefinition, address, key);
  const { identities } = await client.listIdentities({ pageSize: 1000 });
  client.close();
  return identities.length;
}
