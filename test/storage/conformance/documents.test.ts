import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import { forEachStore } from '../../support/stores.js';
import { rejects } from './rejects.js';
import { at, newTenant, type Thing, things } from './things.js';

forEachStore('documents', [things], (test, ctx) => {
  test('a document is read as it was inserted, with revision 1', async () => {
    const key = at(newTenant(), 'a');
    const body: Thing = { claims: ['c'], name: 'Ada', note: { deep: [1, 'two', null, true] } };
    const expected = { ...key, revision: 1, body };
    assert.equal(await ctx.store.insert(things, key, body), expected);
    assert.equal(await ctx.store.get(things, key), expected);
  });

  test('a document that is not there is undefined', async () => {
    assert.is(await ctx.store.get(things, at(newTenant(), 'a')), undefined);
  });

  test('undefined members are dropped, from the answer of insert too', async () => {
    const key = at(newTenant(), 'a');
    const body = { claims: ['c'], name: undefined, note: [undefined] } as unknown as Thing;
    const inserted = await ctx.store.insert(things, key, body);
    assert.equal(inserted.body, { claims: ['c'], note: [null] });
    assert.not('name' in inserted.body);
    assert.equal(await ctx.store.get(things, key), inserted);
  });

  test('what insert answers shares nothing with what it was given', async () => {
    const key = at(newTenant(), 'a');
    const note = ['before'];
    const inserted = await ctx.store.insert(things, key, { claims: ['c'], note });
    note.push('after');
    assert.equal(inserted.body.note, ['before']);
  });

  test('many that are asked for at once are each found, and shared with nobody', async () => {
    const tenants = [newTenant(), newTenant()];
    const ids = Array.from({ length: 20 }, (_, i) => `d${i}`);
    const keys = ids.flatMap((id) => tenants.map((tenant) => at(tenant, id)));
    for (const { tenant, id } of keys)
      await ctx.store.insert(things, at(tenant, id), { note: [`${tenant} ${id}`] });
    const asked = [...keys, ...keys, at(tenants[0]!, 'd20'), at(newTenant(), 'd0')];
    const found = await Promise.all(asked.map((key) => ctx.store.get(things, key)));
    assert.equal(
      found.map((document) => document?.body.note),
      [...[...keys, ...keys].map(({ tenant, id }) => [`${tenant} ${id}`]), undefined, undefined],
    );
    assert.is(new Set(found.map((document) => document?.body.note)).size, 2 * keys.length + 1);
  });

  test('an id that is taken is refused and named as the holder', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, { claims: ['first'] });
    const error = await rejects(ctx.store.insert(things, key, { claims: ['second'] }), ClaimTakenError);
    assert.is(error.claim, undefined);
    assert.is(error.holder, 'a');
    assert.equal((await ctx.store.get(things, key))?.body.claims, ['first']);
  });

  test('an id that is taken is refused where the claims are the same, too', async () => {
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, { claims: ['same'] });
    const error = await rejects(ctx.store.insert(things, key, { claims: ['same'] }), ClaimTakenError);
    assert.is(error.holder, 'a');
  });

  test('replace raises the revision by one and answers the new document', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(things, key, { claims: ['c'], name: 'one' });
    const second = await ctx.store.replace(things, first, { claims: ['c'], name: 'two' });
    assert.equal(second, { ...key, revision: 2, body: { claims: ['c'], name: 'two' } });
    assert.equal(await ctx.store.get(things, key), second);
  });

  test('replace of an older revision changes nothing', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(things, key, { claims: ['c'], name: 'one' });
    const second = await ctx.store.replace(things, first, { claims: ['c'], name: 'two' });
    assert.is(await ctx.store.replace(things, first, { claims: ['c'], name: 'late' }), undefined);
    assert.equal(await ctx.store.get(things, key), second);
  });

  test('replace of a document that is gone makes nothing', async () => {
    const key = at(newTenant(), 'a');
    const first = await ctx.store.insert(things, key, { claims: ['c'] });
    await ctx.store.remove(things, key);
    assert.is(await ctx.store.replace(things, first, { claims: ['c'] }), undefined);
    assert.is(await ctx.store.get(things, key), undefined);
  });

  test('the same id in two tenants is two documents', async () => {
    const [one, two] = [at(newTenant(), 'a'), at(newTenant(), 'a')];
    await ctx.store.insert(things, one, { claims: ['c'], name: 'one' });
    await ctx.store.insert(things, two, { claims: ['c'], name: 'two' });
    assert.is((await ctx.store.get(things, one))?.body.name, 'one');
    assert.is((await ctx.store.get(things, two))?.body.name, 'two');
    await ctx.store.remove(things, one);
    assert.is((await ctx.store.get(things, two))?.body.name, 'two');
  });

  test('a tenant with a slash is refused, so no two keys are one', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a/b'), { claims: ['c'] });
    await rejects(ctx.store.insert(things, at(`${tenant}/a`, 'b'), { claims: ['d'] }), TypeError);
    assert.is(await ctx.store.get(things, at(`${tenant}/a`, 'b')), undefined);
    assert.is((await ctx.store.get(things, at(tenant, 'a/b')))?.id, 'a/b');
  });

  test('getMany answers those that exist in the order asked for', async () => {
    const tenant = newTenant();
    for (const id of ['a', 'b', 'c']) await ctx.store.insert(things, at(tenant, id), { name: id });
    await ctx.store.insert(things, at(newTenant(), 'd'), { name: 'foreign' });
    const found = await ctx.store.getMany(things, tenant, ['c', 'd', 'a', 'x']);
    assert.equal(
      found.map(({ id }) => id),
      ['c', 'a'],
    );
    assert.equal(await ctx.store.getMany(things, tenant, []), []);
  });

  test('a collection that was not opened is a mistake in the code', async () => {
    const other = { ...things, name: 'unopened' };
    await rejects(ctx.store.get(other, at(newTenant(), 'a')), TypeError);
  });
});
