import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { documentOf } from './document-of.js';
import { at, newTenant, type Thing, things } from './things.js';

/** Bodies with a name, which are kept without it where it is Ada. */
const packed = {
  ...things,
  packing: {
    pack: ({ name, ...rest }: Thing) => (name === 'Ada' ? rest : { ...rest, name }),
    unpack: (kept: Thing) => ({ name: 'Ada', ...kept }),
  },
};

forEachStore('packing', [things], (test, ctx) => {
  test('a body is used as it was given and kept as it was packed', async () => {
    const key = at(newTenant(), 'a');
    const body: Thing = { name: 'Ada', claims: ['c'], rank: 1 };
    const inserted = await ctx.store.insert(packed, key, body);
    assert.equal(inserted.body, body);
    assert.equal(await ctx.store.get(packed, key), inserted);
    assert.equal(await ctx.store.getByClaim(packed, key.tenant, 'c'), inserted);
    const found = await ctx.store.find(packed, { tenant: key.tenant, limit: 9 });
    assert.equal(found.map(documentOf), [inserted]);
    const many = await ctx.store.getMany(packed, key.tenant, ['a']);
    assert.equal(many.map(documentOf), [inserted]);
    assert.equal((await ctx.store.get(things, key))?.body, { claims: ['c'], rank: 1 });
  });

  test('a replacement is packed, and answered as it was given', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(packed, key, { name: 'Bea', claims: ['c'] });
    assert.equal((await ctx.store.get(things, key))?.body, { claims: ['c'], name: 'Bea' });
    const second = await ctx.store.replace(packed, first, { ...first.body, name: 'Ada' });
    assert.is(second?.body.name, 'Ada');
    assert.equal((await ctx.store.get(things, key))?.body, { claims: ['c'] });
  });

  test('what is filtered by is that of the body as it is used', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(packed, key, { name: 'Ada' });
    const where = [{ field: 'name', equals: 'Ada' }];
    assert.is(await ctx.store.count(packed, { tenant: key.tenant, where }), 1);
  });

  test('what was kept whole is read as it is', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, { name: 'Bea', rank: 2 });
    assert.equal((await ctx.store.get(packed, key))?.body, { name: 'Bea', rank: 2 });
  });
});
