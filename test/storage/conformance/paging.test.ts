import * as assert from 'uvu/assert';
import type { Query } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { insertAll } from './insert-all.js';
import { at, newTenant, things } from './things.js';
import { walk } from './walk.js';
import { idsOf, numbered, walkedUnderWrites } from './walked-under-writes.js';

forEachStore('paging', [things], (test, ctx) => {
  test('offset and limit cut out a page', async () => {
    const tenant = newTenant();
    await insertAll(ctx.store, tenant, 10, (i) => ({ id: numbered(i), body: { rank: 10 - i } }));
    const page = async (query: Partial<Query>) =>
      idsOf(await ctx.store.find(things, { tenant, limit: 3, ...query }));
    assert.equal(await page({}), [numbered(0), numbered(1), numbered(2)]);
    assert.equal(await page({ offset: 8 }), [numbered(8), numbered(9)]);
    assert.equal(await page({ offset: 10 }), []);
    assert.equal(
      await page({ offset: 2, order: { field: 'rank', descending: false } }),
      [7, 6, 5].map(numbered),
    );
  });

  test('an offset counts from the place that a page goes on from', async () => {
    const tenant = newTenant();
    await insertAll(ctx.store, tenant, 10, (i) => ({ id: numbered(i), body: { rank: i < 5 ? 1 : null } }));
    for (const descending of [false, true]) {
      const query: Query = { tenant, order: { field: 'rank', descending }, limit: 100 };
      const all = idsOf(await ctx.store.find(things, query));
      const after = { value: descending ? 1 : null, id: all[1] as string };
      assert.equal(
        idsOf(await ctx.store.find(things, { ...query, after, offset: 2, limit: 4 })),
        all.slice(4, 8),
      );
    }
  });

  test('a place that no document has any more still parts before from after', async () => {
    const tenant = newTenant();
    await insertAll(ctx.store, tenant, 6, (i) => ({ id: numbered(i), body: { rank: i } }));
    await ctx.store.remove(things, at(tenant, numbered(2)));
    const after = { value: 2, id: numbered(2) };
    const order = { field: 'rank', descending: false };
    assert.equal(
      idsOf(await ctx.store.find(things, { tenant, order, after, limit: 9 })),
      [3, 4, 5].map(numbered),
    );
    const back = { field: 'rank', descending: true };
    assert.equal(
      idsOf(await ctx.store.find(things, { tenant, order: back, after, limit: 9 })),
      [1, 0].map(numbered),
    );
  });

  test('a thousand equal sort keys are walked without loss, both ways', async () => {
    const tenant = newTenant();
    await insertAll(ctx.store, tenant, 1_000, (i) => ({ id: numbered(i), body: { rank: 7, name: null } }));
    const all = Array.from({ length: 1_000 }, (_, i) => numbered(i));
    for (const field of ['rank', 'name']) {
      const query: Query = { tenant, order: { field, descending: false }, limit: 1 };
      assert.equal(idsOf(await walk(ctx.store, query, 130)), all);
      const back: Query = { ...query, order: { field, descending: true } };
      assert.equal(idsOf(await walk(ctx.store, back, 130)), [...all].reverse());
    }
  });

  walkedUnderWrites(test, ctx, { held: 1_500, inserted: 600, removed: 300, page: 50 });
});
