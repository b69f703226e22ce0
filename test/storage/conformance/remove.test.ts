import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

forEachStore('remove', [things], (test, ctx) => {
  test('a document is removed once', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, {});
    assert.is(await ctx.store.remove(things, key), true);
    assert.is(await ctx.store.get(things, key), undefined);
    assert.is(await ctx.store.remove(things, key), false);
  });

  test('at a revision only where it is the one', async () => {
    const first = await ctx.store.insert(things, at(newTenant(), 'a'), { claims: ['c'] });
    await ctx.store.replace(things, first, { claims: ['c'] });
    assert.is(await ctx.store.remove(things, first, 1), false);
    assert.is((await ctx.store.get(things, first))?.revision, 2);
    assert.is(await ctx.store.remove(things, first, 2), true);
  });

  test("another tenant's document stays", async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, {});
    assert.is(await ctx.store.remove(things, at(newTenant(), 'a')), false);
    assert.ok(await ctx.store.get(things, key));
  });

  test('a document that is replaced at that moment is removed all the same', async () => {
    const other = ctx.another();
    await other.open([things]);
    const tenant = newTenant();
    for (let round = 0; round < 50; round++) {
      const key = at(tenant, `r${round}`);
      const first = await ctx.store.insert(things, key, {});
      const [removed] = await Promise.all([
        ctx.store.remove(things, key),
        other.replace(things, first, { claims: ['one'] }),
        other.replace(things, first, { claims: ['other'] }),
      ]);
      assert.is(removed, true);
      assert.is(await ctx.store.get(things, key), undefined);
    }
  });

  test('the id is free again, from revision 1', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(things, key, { claims: ['c'], name: 'first' });
    await ctx.store.replace(things, first, { claims: ['c'] });
    await ctx.store.remove(things, key);
    assert.is((await ctx.store.insert(things, key, { claims: ['c'], name: 'second' })).revision, 1);
    assert.is(await ctx.store.replace(things, { ...first, revision: 2 }, { claims: ['c'] }), undefined);
  });

  test('it is in no list and no count', async () => {
    const tenant = newTenant();
    for (const id of ['a', 'b']) await ctx.store.insert(things, at(tenant, id), { name: 'x' });
    await ctx.store.remove(things, at(tenant, 'a'));
    const where = [{ field: 'name', equals: 'x' }];
    assert.equal(
      (await ctx.store.find(things, { tenant, where, limit: 9 })).map(({ id }) => id),
      ['b'],
    );
    assert.is(await ctx.store.count(things, { tenant, where }), 1);
  });
});
