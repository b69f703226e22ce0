import * as assert from 'uvu/assert';
import { EVERY_TENANT, type Query } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

forEachStore('tokens', [things], (test, ctx) => {
  const find = async (query: Partial<Query> & Pick<Query, 'tenant'>) =>
    (await ctx.store.find(things, { limit: 100, ...query })).map(({ id }) => id);

  test('every document with the token is found, in order', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'b'), { tokens: ['red', 'blue'] });
    await ctx.store.insert(things, at(tenant, 'a'), { tokens: ['red'] });
    await ctx.store.insert(things, at(tenant, 'c'), { tokens: ['blue'] });
    assert.equal(await find({ tenant, where: [{ token: 'red' }] }), ['a', 'b']);
    assert.equal(await find({ tenant, where: [{ token: 'green' }] }), []);
  });

  test('two tokens must both be there', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { tokens: ['red'] });
    await ctx.store.insert(things, at(tenant, 'b'), { tokens: ['red', 'blue'] });
    assert.equal(await find({ tenant, where: [{ token: 'red' }, { token: 'blue' }] }), ['b']);
  });

  test("another tenant's token finds nothing", async () => {
    const [tenant, other] = [newTenant(), newTenant()];
    await ctx.store.insert(things, at(tenant, 'a'), { tokens: ['red'] });
    await ctx.store.insert(things, at(other, 'a'), { tokens: ['blue'] });
    assert.equal(await find({ tenant: other, where: [{ token: 'red' }] }), []);
  });

  test('tokens follow a replacement and a removal', async () => {
    const tenant = newTenant();
    const a = await ctx.store.insert(things, at(tenant, 'a'), { tokens: ['red', 'red', 'blue'] });
    await ctx.store.replace(things, a, { tokens: ['blue', 'green'] });
    assert.equal(await find({ tenant, where: [{ token: 'red' }] }), []);
    assert.equal(await find({ tenant, where: [{ token: 'green' }] }), ['a']);
    await ctx.store.remove(things, at(tenant, 'a'));
    await ctx.store.insert(things, at(tenant, 'a'), { tokens: [] });
    assert.equal(await find({ tenant, where: [{ token: 'green' }] }), []);
  });

  test('a token goes with conditions, an order and pages', async () => {
    const tenant = newTenant();
    for (const [id, rank] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
      ['d', 9],
    ] as const) {
      await ctx.store.insert(things, at(tenant, id), { tokens: id === 'd' ? [] : ['red'], rank });
    }
    const order = { field: 'rank', descending: false };
    const where = [{ token: 'red' }, { field: 'rank', gte: 2 }];
    assert.equal(await find({ tenant, where, order }), ['c', 'a']);
    assert.equal(
      await find({ tenant, where: [{ token: 'red' }], order, after: { value: 1, id: 'b' }, limit: 1 }),
      ['c'],
    );
    assert.is(await ctx.store.count(things, { tenant, where: [{ token: 'red' }] }), 3);
  });

  test('maintenance finds a token in every tenant', async () => {
    const token = newTenant();
    for (const tenant of [newTenant(), newTenant()])
      await ctx.store.insert(things, at(tenant, 'a'), { tokens: [token] });
    assert.is((await find({ tenant: EVERY_TENANT, where: [{ token }] })).length, 2);
  });
});
