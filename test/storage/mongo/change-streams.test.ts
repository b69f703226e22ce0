import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMongoStore } from '../../../src/storage/mongo/mongo-store.js';
import type { Store } from '../../../src/storage/store.js';
import { at, newTenant, things } from '../conformance/things.js';

// Needs a server with change streams, which MONGODB_URI need not have.
const uri = process.env.MONGODB_STREAMS_URI;
const test = suite('change streams [mongo]');
const define = uri ? test : test.skip;

define('what another process writes is told without a look: insert, replace, remove', async () => {
  const database = `facet_test_${randomBytes(6).toString('hex')}`;
  const [watching, writing] = [0, 1].map(() => createMongoStore({ uri: uri ?? '', database })) as [
    Store,
    Store,
  ];
  await watching.open([things]);
  await writing.open([things]);
  const tenant = newTenant();
  const keys = [at(tenant, 'a')];
  const told: string[] = [];
  const watch = watching.watch(things, { keys: () => keys, intervalMs: () => 600_000 }, ({ id, revision }) =>
    told.push(`${id}@${revision}`),
  );
  const until = async (change: string) => {
    for (let i = 0; told.at(-1) !== change && i < 300; i++) await sleep(10);
    assert.is(told.at(-1), change);
  };
  await sleep(1_500);
  const inserted = await writing.insert(things, at(tenant, 'a'), { claims: ['c'] });
  await until('a@1');
  await writing.insert(things, at(tenant, 'not watched'), {});
  await writing.replace(things, inserted, { claims: ['c'] });
  await until('a@2');
  await writing.remove(things, inserted);
  await until('a@0');
  assert.equal(told, ['a@0', 'a@1', 'a@2', 'a@0']);
  watch.close();
  await Promise.all([watching.close(), writing.close()]);
});

test.run();
