import * as assert from 'uvu/assert';
import type { Query } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { insertAll } from './insert-all.js';
import { at, newTenant, things } from './things.js';
import { walk } from './walk.js';

const idsOf = (documents: readonly { id: string }[]) => documents.map(({ id }) => id);
const numbered = (i: number) => `d${String(i).padStart(5, '0')}`;

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

  for (const field of ['id', 'rank']) {
    test(`a walk by ${field} under writes shows everything that was there throughout, once`, async () => {
      const tenant = newTenant();
      await insertAll(ctx.store, tenant, 1_500, (i) => ({ id: numbered(i * 2), body: { rank: i % 100 } }));
      let next = 0;
      const removed = new Set<string>();
      const between = async () => {
        const start = next;
        next += 20;
        const inserts = insertAll(ctx.store, tenant, 20, (i) => {
          const n = ((start + i) * 7919) % 1_500;
          return { id: numbered(n * 2 + 1), body: { rank: n % 100 } };
        });
        const removals = Array.from({ length: 10 }, (_, i) => {
          const id = numbered((((start + i) * 104_729) % 1_500) * 2);
          removed.add(id);
          return ctx.store.remove(things, at(tenant, id));
        });
        await Promise.all([inserts, ...removals]);
      };
      const seen = idsOf(
        await walk(ctx.store, { tenant, order: { field, descending: false }, limit: 1 }, 50, between),
      );
      assert.is(new Set(seen).size, seen.length, 'nothing twice');
      const always = Array.from({ length: 1_500 }, (_, i) => numbered(i * 2)).filter(
        (id) => !removed.has(id),
      );
      assert.ok(always.length > 500);
      const missed = always.filter((id) => !new Set(seen).has(id));
      assert.equal(missed, []);
    });
  }
});
