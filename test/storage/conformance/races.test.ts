import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import { mutate } from '../../../src/storage/mutate.js';
import { forEachStore } from '../../support/stores.js';
import { contended, RACERS, racers } from './contended.js';
import { at, newTenant, things } from './things.js';

forEachStore('races', [things], (test, ctx) => {
  contended(test, ctx, { claims: 10, revisions: 5 });

  test('of fifty that make one id one does', async () => {
    const key = at(newTenant(), 'a');
    const results = await racers((i) => ctx.store.insert(things, key, { claims: [`c${i}`] }));
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    assert.is(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await ctx.store.get(things, key))?.body.claims, [`c${winner}`]);
    for (let i = 0; i < RACERS; i++) {
      assert.is(
        (await ctx.store.getByClaim(things, key.tenant, `c${i}`))?.id,
        i === winner ? 'a' : undefined,
      );
    }
  });

  test('fifty changes of one record by two processes are all applied', async () => {
    const other = ctx.another();
    await other.open([things]);
    const key = at(newTenant(), 'a');
    await ctx.store.insert(things, key, { claims: ['c'], note: [] });
    const results = await racers((i) =>
      mutate(i % 2 ? ctx.store : other, things, key, (body) => ({
        ...body,
        note: [...(body.note as number[]), i],
      })),
    );
    assert.ok(results.every(({ status }) => status === 'fulfilled'));
    const changed = await ctx.store.get(things, key);
    assert.is(changed?.revision, RACERS + 1);
    assert.equal(
      (changed?.body.note as number[] | undefined)?.toSorted((a, b) => a - b),
      Array.from({ length: RACERS }, (_, i) => i),
    );
  });

  test('fifty that pass one claim around leave it with one holder', async () => {
    const tenant = newTenant();
    await racers((i) => ctx.store.insert(things, at(tenant, `d${i}`), { claims: [`own ${i}`] }));
    const results = await racers(async (i) => {
      const document = await ctx.store.get(things, at(tenant, `d${i}`));
      assert.ok(document);
      const holding = await ctx.store.replace(things, document, { claims: [`own ${i}`, 'the one'] });
      if (i % 3 === 0 && holding) await ctx.store.replace(things, holding, { claims: [`own ${i}`] });
    });
    for (const result of results)
      if (result.status === 'rejected') assert.instance(result.reason, ClaimTakenError);
    const all = await ctx.store.find(things, { tenant, limit: 100 });
    const holders = all.filter(({ body }) => body.claims?.includes('the one'));
    assert.ok(holders.length <= 1);
    assert.is((await ctx.store.getByClaim(things, tenant, 'the one'))?.id, holders[0]?.id);
  });
});
