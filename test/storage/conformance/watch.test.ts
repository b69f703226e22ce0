import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Change, Key, Store } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

const FAST_MS = 20;
const NEVER_MS = 60_000;

function watching(store: Store, keys: () => readonly Key[], intervalMs: number) {
  const seen: Change[] = [];
  const watch = store.watch(things, { keys, intervalMs: () => intervalMs }, (change) => seen.push(change));
  const revisions = (id: string) => seen.filter((change) => change.id === id).map(({ revision }) => revision);
  async function until(id: string, revision: number): Promise<void> {
    const end = Date.now() + 5_000;
    while (!revisions(id).includes(revision)) {
      assert.ok(Date.now() < end, `revision ${revision} of ${id}; seen: ${revisions(id)}`);
      await sleep(5);
    }
  }
  return { seen, revisions, until, close: () => watch.close() };
}

forEachStore('watch', [things], (test, ctx) => {
  const opened = async () => {
    const store = ctx.another();
    await store.open([things]);
    return store;
  };

  test('a write of this process is told before the writer has its answer', async () => {
    const key = at(newTenant(), 'a');
    const watch = watching(ctx.store, () => [key], NEVER_MS);
    const first = await ctx.store.insert(things, key, { claims: ['c'] });
    assert.equal(watch.revisions('a').at(-1), 1);
    await ctx.store.replace(things, first, { claims: ['c'] });
    assert.equal(watch.revisions('a').at(-1), 2);
    await ctx.store.remove(things, key);
    assert.equal(watch.revisions('a').at(-1), 0);
    watch.close();
  });

  test('writes of another process are told soon: insert, replace, remove', async () => {
    const other = await opened();
    const key = at(newTenant(), 'a');
    const watch = watching(ctx.store, () => [key], FAST_MS);
    const first = await other.insert(things, key, { claims: ['c'] });
    await watch.until('a', 1);
    await other.replace(things, first, { claims: ['c'] });
    await watch.until('a', 2);
    await other.remove(things, key);
    await watch.until('a', 0);
    watch.close();
  });

  test('what was written before the watch is told by its first look', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(things, key, { claims: ['c'] });
    await ctx.store.replace(things, first, { claims: ['c'] });
    const watch = watching(ctx.store, () => [key], NEVER_MS);
    await watch.until('a', 2);
    watch.close();
  });

  test('what is not there any more is told by the first look, too', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, {});
    await ctx.store.remove(things, key);
    const watch = watching(ctx.store, () => [key], NEVER_MS);
    await watch.until('a', 0);
    watch.close();
  });

  test('one revision is told once, however often it is looked at', async () => {
    const key = at(newTenant(), 'a');
    const watch = watching(ctx.store, () => [key], FAST_MS);
    await watch.until('a', 0);
    const first = await ctx.store.insert(things, key, { claims: ['c'] });
    await ctx.store.replace(things, first, { claims: ['c'] });
    await sleep(10 * FAST_MS);
    assert.equal(watch.revisions('a'), [0, 1, 2]);
    watch.close();
  });

  test('of many writes of another process the newest is told', async () => {
    const other = await opened();
    const key = at(newTenant(), 'a');
    const watch = watching(ctx.store, () => [key], FAST_MS);
    let document = await other.insert(things, key, { claims: ['c'] });
    for (let i = 0; i < 30; i++)
      document = (await other.replace(things, document, { claims: ['c'] })) ?? document;
    await watch.until('a', 31);
    const told = watch.revisions('a');
    assert.equal(
      told,
      [...told].sort((a, b) => a - b),
    );
    watch.close();
  });

  test('only the keys asked for are told, and the set may change', async () => {
    const other = await opened();
    const tenant = newTenant();
    const keys = [at(tenant, 'a')];
    const watch = watching(ctx.store, () => keys, FAST_MS);
    await other.insert(things, at(tenant, 'b'), {});
    await ctx.store.insert(things, at(tenant, 'c'), {});
    await ctx.store.insert(things, at(newTenant(), 'a'), {});
    await other.insert(things, at(tenant, 'a'), {});
    await watch.until('a', 1);
    assert.equal([...new Set(watch.seen.map(({ id }) => id))], ['a']);
    keys.push(at(tenant, 'b'));
    await watch.until('b', 1);
    keys.length = 0;
    await ctx.store.remove(things, at(tenant, 'a'));
    await sleep(3 * FAST_MS);
    assert.is(watch.revisions('a').at(-1), 1);
    watch.close();
  });

  test('a removal and a new start between two looks are told', async () => {
    const other = await opened();
    const key = at(newTenant(), 'a');
    const first = await other.insert(things, key, { claims: ['c'] });
    await other.replace(things, first, { claims: ['c'] });
    const watch = watching(ctx.store, () => [key], FAST_MS);
    await watch.until('a', 2);
    await other.remove(things, key);
    await other.insert(things, key, { claims: ['c'] });
    await watch.until('a', 1);
    watch.close();
  });

  test('after close nothing is told', async () => {
    const key = at(newTenant(), 'a');
    const watch = watching(ctx.store, () => [key], FAST_MS);
    watch.close();
    watch.close();
    await ctx.store.insert(things, key, {});
    await sleep(3 * FAST_MS);
    assert.equal(watch.seen, []);
  });

  test('a watcher that throws harms neither the writer nor other watchers', async () => {
    const key = at(newTenant(), 'a');
    const bad = ctx.store.watch(things, { keys: () => [key], intervalMs: () => FAST_MS }, () => {
      throw new Error('a mistake of the watcher');
    });
    const watch = watching(ctx.store, () => [key], NEVER_MS);
    await ctx.store.insert(things, key, {});
    assert.is(watch.revisions('a').at(-1), 1);
    bad.close();
    watch.close();
  });
});
