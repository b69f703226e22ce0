// In a process of its own: it takes long.
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { StoreUnavailableError } from '../../../src/storage/errors.js';
import { createMongoStore } from '../../../src/storage/mongo/mongo-store.js';
import type { Store } from '../../../src/storage/store.js';
import { createProxy, type FaultProxy } from '../../fault/proxy.js';
import { rejects } from '../conformance/rejects.js';
import { at, newTenant, things } from '../conformance/things.js';
import { onlyMongo } from './only-mongo.js';

onlyMongo('outages', (test, { host, port, database }) => {
  async function through(run: (store: Store, proxy: FaultProxy) => Promise<void>): Promise<void> {
    const proxy = await createProxy({ host, port });
    const store = createMongoStore({
      uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
      database,
    });
    try {
      await run(store, proxy);
    } finally {
      await store.close();
      await proxy.stop();
    }
  }
  async function untilServed(store: Store, withinMs: number): Promise<number> {
    const start = performance.now();
    for (;;) {
      try {
        await store.ping({ signal: AbortSignal.timeout(2_000) });
        await store.count(things, { tenant: 't' });
        return performance.now() - start;
      } catch (error) {
        assert.ok(performance.now() - start < withinMs, `not served after ${withinMs} ms: ${error}`);
        await sleep(50);
      }
    }
  }

  test('a server that is absent at the start is found when it comes, without a restart', () =>
    through(async (store, proxy) => {
      await proxy.stop();
      await store.open([things]);
      await rejects(store.ping(), StoreUnavailableError);
      await rejects(store.insert(things, at(newTenant(), 'a'), {}), StoreUnavailableError);
      await proxy.start();
      await untilServed(store, 3_000);
      const key = at(newTenant(), 'a');
      await store.insert(things, key, { claims: ['c'] });
      assert.is((await store.getByClaim(things, key.tenant, 'c'))?.id, 'a');
    }));

  test('many calls while the server is absent all end as unavailable', () =>
    through(async (store, proxy) => {
      await proxy.stop();
      await store.open([things]);
      const start = performance.now();
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, () => store.get(things, at('t', 'a'))),
      );
      assert.ok(performance.now() - start < 3_000);
      for (const result of results) {
        assert.instance(result.status === 'rejected' && result.reason, StoreUnavailableError);
      }
    }));

  test('connections that are reset end calls as unavailable, and the next ones are served', () =>
    through(async (store, proxy) => {
      await store.open([things]);
      const tenant = newTenant();
      const acknowledged: string[] = [];
      let failures = 0;
      const end = performance.now() + 1_500;
      const writer = async (name: string) => {
        for (let i = 0; performance.now() < end; i++) {
          const id = `${name}-${i}`;
          try {
            await store.insert(things, at(tenant, id), {});
            acknowledged.push(id);
          } catch (error) {
            assert.instance(error, StoreUnavailableError);
            failures++;
          }
        }
      };
      const writers = ['a', 'b', 'c', 'd'].map(writer);
      for (let i = 0; i < 5; i++) {
        await sleep(200);
        proxy.cut();
      }
      await Promise.all(writers);
      assert.ok(failures > 0 && acknowledged.length > 0);
      await untilServed(store, 3_000);
      const found = await store.getMany(things, tenant, acknowledged);
      assert.is(found.length, acknowledged.length);
    }));

  test('a server that goes and comes back is served again, without a restart', () =>
    through(async (store, proxy) => {
      await store.open([things]);
      await store.ping();
      await proxy.stop();
      await rejects(
        store.get(things, at('t', 'a'), { signal: AbortSignal.timeout(10_000) }),
        StoreUnavailableError,
      );
      await proxy.start();
      await untilServed(store, 3_000);
    }));

  test('a server that falls silent holds a caller no longer than its signal', () =>
    through(async (store, proxy) => {
      await store.open([things]);
      await store.ping();
      proxy.setSilent(true);
      const start = performance.now();
      for (const call of [
        store.get(things, at('t', 'a'), { signal: AbortSignal.timeout(300) }),
        store.insert(things, at(newTenant(), 'a'), {}, { signal: AbortSignal.timeout(300) }),
        store.ping({ signal: AbortSignal.timeout(300) }),
      ]) {
        assert.is((await rejects(call, DOMException)).name, 'TimeoutError');
      }
      assert.ok(performance.now() - start < 550);
      proxy.setSilent(false);
      await untilServed(store, 2_000);
    }));

  test('closing does not wait for a silent server', () =>
    through(async (store, proxy) => {
      await store.open([things]);
      proxy.setSilent(true);
      const call = store.get(things, at('t', 'a'));
      const closing = store.close();
      await rejects(call, StoreUnavailableError);
      await closing;
    }));

  test('a watcher is told what was written during an outage', () =>
    through(async (store, proxy) => {
      await store.open([things]);
      const key = at(newTenant(), 'a');
      const told: number[] = [];
      const watch = store.watch(things, { keys: () => [key], intervalMs: () => 20 }, ({ revision }) =>
        told.push(revision),
      );
      await proxy.stop();
      const direct = createMongoStore({ uri: `mongodb://${host}:${port}/?directConnection=true`, database });
      await direct.open([things]);
      await direct.insert(things, key, {});
      await direct.close();
      await sleep(100);
      assert.equal(told, []);
      await proxy.start();
      for (let i = 0; told.length === 0 && i < 500; i++) await sleep(10);
      assert.equal(told, [1]);
      watch.close();
    }));
});
