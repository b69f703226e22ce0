import * as assert from 'uvu/assert';
import { StoreUnavailableError } from '../../../src/storage/errors.js';
import { forEachStore } from '../../support/stores.js';
import { rejects } from './rejects.js';
import { at, newTenant, things } from './things.js';

forEachStore('closing', [things], (test, ctx) => {
  test('ping answers while the store is open', async () => {
    await ctx.store.ping();
  });

  test('a closed store refuses everything at once as unavailable', async () => {
    const store = ctx.another();
    await store.open([things]);
    const key = at(newTenant(), 'a');
    const document = await store.insert(things, key, {});
    await store.close();
    const start = performance.now();
    for (const call of [
      () => store.get(things, key),
      () => store.getMany(things, key.tenant, ['a']),
      () => store.getByClaim(things, key.tenant, 'c'),
      () => store.find(things, { tenant: key.tenant, limit: 1 }),
      () => store.count(things, { tenant: key.tenant }),
      () => store.insert(things, at(key.tenant, 'b'), {}),
      () => store.replace(things, document, {}),
      () => store.remove(things, key),
      () => store.ping(),
    ]) {
      await rejects(call(), StoreUnavailableError);
    }
    assert.ok(performance.now() - start < 200);
  });

  test('closing twice is closing once', async () => {
    const store = ctx.another();
    await store.open([things]);
    await Promise.all([store.close(), store.close()]);
    await store.close();
  });

  test('a store that was never opened can be closed', async () => {
    await ctx.another().close();
  });

  test('writes that were acknowledged are there for the next to open', async () => {
    const first = ctx.another();
    await first.open([things]);
    const tenant = newTenant();
    await Promise.all(Array.from({ length: 100 }, (_, i) => first.insert(things, at(tenant, `d${i}`), {})));
    await first.close();
    const second = ctx.another();
    await second.open([things]);
    assert.is(await second.count(things, { tenant }), 100);
  });

  test('opening again changes nothing', async () => {
    const key = at(newTenant(), 'a');
    const document = await ctx.store.insert(things, key, {});
    await ctx.store.open([things]);
    assert.equal(await ctx.store.get(things, key), document);
  });

  test('collections may be opened at once, and amid writes', async () => {
    const store = ctx.another();
    const tenant = newTenant();
    await Promise.all([store.open([things]), store.open([{ ...things, name: 'second' }])]);
    const writes = Array.from({ length: 200 }, (_, i) => store.insert(things, at(tenant, `d${i}`), {}));
    await Promise.all([...writes, store.open([{ ...things, name: 'third' }])]);
    assert.is(await store.count(things, { tenant }), 200);
  });

  test('a closed store cannot be opened', async () => {
    const store = ctx.another();
    await store.open([things]);
    await store.close();
    await rejects(store.open([things]), StoreUnavailableError);
    await rejects(store.get(things, at(newTenant(), 'a')), StoreUnavailableError);
  });

  test('a field that is new is null until the document is written again', async () => {
    const name = 'growing';
    const index = (body: { size: number }) => ({ claims: ['c'], tokens: [], fields: { size: body.size } });
    const before = {
      name,
      fields: {},
      index: (_: { size: number }) => ({ claims: ['c'], tokens: [], fields: {} }),
    };
    const after = { name, fields: { size: 'number' as const }, index };
    const key = at(newTenant(), 'a');
    const old = ctx.another();
    await old.open([before]);
    const document = await old.insert(before, key, { size: 5 });
    await old.close();
    await ctx.store.open([after]);
    const sized = (equals: number | null) =>
      ctx.store.count(after, { tenant: key.tenant, where: [{ field: 'size', equals }] });
    assert.equal([await sized(null), await sized(5)], [1, 0]);
    await ctx.store.replace(after, document, document.body);
    assert.equal([await sized(null), await sized(5)], [0, 1]);
  });

  test('an aborted signal ends every operation with its reason', async () => {
    const reason = new RangeError('the caller left');
    const signal = AbortSignal.abort(reason);
    const key = at(newTenant(), 'a');
    const document = await ctx.store.insert(things, key, { claims: ['c'] });
    for (const call of [
      () => ctx.store.get(things, key, { signal }),
      () => ctx.store.getMany(things, key.tenant, ['a'], { signal }),
      () => ctx.store.getByClaim(things, key.tenant, 'c', { signal }),
      () => ctx.store.find(things, { tenant: key.tenant, limit: 1 }, { signal }),
      () => ctx.store.count(things, { tenant: key.tenant }, { signal }),
      () => ctx.store.insert(things, at(key.tenant, 'b'), {}, { signal }),
      () => ctx.store.replace(things, document, { claims: ['c'] }, { signal }),
      () => ctx.store.remove(things, key, undefined, { signal }),
      () => ctx.store.ping({ signal }),
    ]) {
      assert.is(await rejects(call(), RangeError), reason);
    }
    assert.equal(await ctx.store.get(things, key), document);
    assert.is(await ctx.store.count(things, { tenant: key.tenant }), 1);
  });
});
