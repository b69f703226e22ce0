import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import { forEachStore } from '../../support/stores.js';
import { rejects } from './rejects.js';
import { at, newTenant, things } from './things.js';

forEachStore('claims', [things, { ...things, name: 'others' }], (test, ctx) => {
  const others = { ...things, name: 'others' };

  test('a document is found by each of its claims', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { claims: ['["x","1"]', '["y","1"]'] });
    assert.is((await ctx.store.getByClaim(things, tenant, '["x","1"]'))?.id, 'a');
    assert.is((await ctx.store.getByClaim(things, tenant, '["y","1"]'))?.id, 'a');
    assert.is(await ctx.store.getByClaim(things, tenant, '["x","2"]'), undefined);
  });

  test('a claim that is taken is refused, named with its holder, and nothing is written', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x'] });
    const error = await rejects(
      ctx.store.insert(things, at(tenant, 'b'), { claims: ['w', 'x'] }),
      ClaimTakenError,
    );
    assert.is(error.claim, 'x');
    assert.is(error.holder, 'a');
    assert.is(await ctx.store.get(things, at(tenant, 'b')), undefined);
    assert.is(await ctx.store.getByClaim(things, tenant, 'w'), undefined);
  });

  test('of several claims that are taken the first is named', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x'] });
    await ctx.store.insert(things, at(tenant, 'b'), { claims: ['y'] });
    const error = await rejects(
      ctx.store.insert(things, at(tenant, 'c'), { claims: ['w', 'y', 'x'] }),
      ClaimTakenError,
    );
    assert.equal([error.claim, error.holder], ['y', 'b']);
  });

  test('another tenant and another collection may hold the same claim', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x'] });
    await ctx.store.insert(things, at(newTenant(), 'b'), { claims: ['x'] });
    await ctx.store.insert(others, at(tenant, 'c'), { claims: ['x'] });
    assert.is((await ctx.store.getByClaim(things, tenant, 'x'))?.id, 'a');
    assert.is((await ctx.store.getByClaim(others, tenant, 'x'))?.id, 'c');
    assert.is(await ctx.store.getByClaim(things, newTenant(), 'x'), undefined);
  });

  test('a replacement may keep, drop and add claims', async () => {
    const tenant = newTenant();
    const first = await ctx.store.insert(things, at(tenant, 'a'), { claims: ['keep', 'drop'] });
    await ctx.store.replace(things, first, { claims: ['add', 'keep'] });
    assert.is((await ctx.store.getByClaim(things, tenant, 'keep'))?.revision, 2);
    assert.is((await ctx.store.getByClaim(things, tenant, 'add'))?.revision, 2);
    assert.is(await ctx.store.getByClaim(things, tenant, 'drop'), undefined);
  });

  test('a replacement that wants a taken claim changes nothing', async () => {
    const tenant = newTenant();
    await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x'] });
    const b = await ctx.store.insert(things, at(tenant, 'b'), { claims: ['y'] });
    const error = await rejects(ctx.store.replace(things, b, { claims: ['z', 'x'] }), ClaimTakenError);
    assert.equal([error.claim, error.holder], ['x', 'a']);
    assert.equal(await ctx.store.get(things, at(tenant, 'b')), b);
    assert.is(await ctx.store.getByClaim(things, tenant, 'z'), undefined);
    assert.is((await ctx.store.getByClaim(things, tenant, 'y'))?.id, 'b');
  });

  test('a claim that was given up can be taken at once', async () => {
    const tenant = newTenant();
    const a = await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x', 'y'] });
    await ctx.store.replace(things, a, { claims: ['y'] });
    await ctx.store.insert(things, at(tenant, 'b'), { claims: ['x'] });
    await ctx.store.remove(things, at(tenant, 'a'));
    await ctx.store.insert(things, at(tenant, 'c'), { claims: ['y'] });
    assert.is((await ctx.store.getByClaim(things, tenant, 'x'))?.id, 'b');
    assert.is((await ctx.store.getByClaim(things, tenant, 'y'))?.id, 'c');
  });

  test('a claim that is handed on in one go has one holder at the end', async () => {
    const tenant = newTenant();
    const a = await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x'] });
    const results = await Promise.allSettled([
      ctx.store.replace(things, a, { claims: ['free'] }),
      ctx.store.insert(things, at(tenant, 'b'), { claims: ['x'] }),
    ]);
    const holder = (await ctx.store.getByClaim(things, tenant, 'x'))?.id;
    assert.is(results[0]?.status, 'fulfilled');
    assert.is(holder, results[1]?.status === 'fulfilled' ? 'b' : undefined);
  });

  test('a claim that a document lists twice is one claim', async () => {
    const tenant = newTenant();
    const a = await ctx.store.insert(things, at(tenant, 'a'), { claims: ['x', 'x'] });
    await ctx.store.replace(things, a, { claims: ['x', 'x', 'y', 'y'] });
    assert.is((await ctx.store.getByClaim(things, tenant, 'y'))?.id, 'a');
  });

  test('a document without claims is a mistake in the code', async () => {
    await rejects(ctx.store.insert(things, at(newTenant(), 'a'), { claims: [] }), TypeError);
  });

  test('claims differ by case, by normal form and by trailing space', async () => {
    const tenant = newTenant();
    const claims = ['é', 'e\u0301', 'É', 'é ', 'İ', 'i̇', 'ß', 'ss', '😀', '\u202e'];
    for (const [i, claim] of claims.entries())
      await ctx.store.insert(things, at(tenant, `d${i}`), { claims: [claim] });
    for (const [i, claim] of claims.entries()) {
      assert.is((await ctx.store.getByClaim(things, tenant, claim))?.id, `d${i}`);
    }
  });

  test('a hundred claims of a thousand bytes are held', async () => {
    const tenant = newTenant();
    const claims = Array.from({ length: 100 }, (_, i) => `${i}-${'x'.repeat(1_000)}`);
    await ctx.store.insert(things, at(tenant, 'a'), { claims });
    assert.is((await ctx.store.getByClaim(things, tenant, claims[99] as string))?.id, 'a');
    const error = await rejects(
      ctx.store.insert(things, at(tenant, 'b'), { claims: [claims[50] as string] }),
      ClaimTakenError,
    );
    assert.is(error.holder, 'a');
  });
});
