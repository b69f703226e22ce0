import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, type Thing, things } from './things.js';

forEachStore('sizes', [things], (test, ctx) => {
  const NOTES = {
    plain: 'x'.repeat(100_000),
    'beyond ASCII': 'ü'.repeat(50_000),
    'kept as text': { $where: 'x'.repeat(100_000) },
    'many small values': Array.from({ length: 20_000 }, (_, i) => 10_000 + i),
  };

  for (const [name, note] of Object.entries(NOTES)) {
    test(`${name}: what is found tells about how many bytes it takes`, async () => {
      const tenant = newTenant();
      const body: Thing = { claims: ['c'], note };
      await ctx.store.insert(things, at(tenant, 'a'), body);
      const bytes = Buffer.byteLength(JSON.stringify(body));
      const found = [
        ...(await ctx.store.find(things, { tenant, limit: 9 })),
        ...(await ctx.store.getMany(things, tenant, ['a'])),
      ];
      assert.is(found.length, 2);
      for (const { size } of found) assert.ok(size > 0.9 * bytes && size < 3 * bytes, `${size} of ${bytes}`);
    });
  }

  test('each document has its own size', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'large'), { note: 'x'.repeat(10_000) });
    await ctx.store.insert(things, at(tenant, 'small'), { note: '' });
    const [large, small] = await ctx.store.find(things, { tenant, limit: 9 });
    assert.ok(large!.size > 10_000);
    assert.ok(small!.size < 1_000);
  });

  test('more documents than a server sends at once by itself are found', async () => {
    const tenant = newTenant();
    const ids = Array.from({ length: 230 }, (_, i) => String(i).padStart(3, '0'));
    await Promise.all(ids.map((id) => ctx.store.insert(things, at(tenant, id), {})));
    const found = await ctx.store.find(things, { tenant, limit: 300 });
    assert.equal(
      found.map(({ id }) => id),
      ids,
    );
  });
});
