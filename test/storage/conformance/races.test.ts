import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import { mutate } from '../../../src/storage/mutate.js';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

const RACERS = 50;
const racers = <T>(run: (i: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: RACERS }, (_, i) => run(i)));

forEachStore('races', [things], (test, ctx) => {
  test('of fifty that want one claim one gets it, for each of ten claims', async () => {
    const other = ctx.another();
    await other.open([things]);
    const tenant = newTenant();
    for (let round = 0; round < 10; round++) {
      const claim = `claim ${round}`;
      const results = await racers((i) =>
        (i % 2 ? ctx.store : other).insert(things, at(tenant, `r${round}-${i}`), {
          claims: [`own ${round}-${i}`, claim],
        }),
      );
      const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
      assert.is(winners.length, 1);
      const holder = `r${round}-${winners[0]}`;
      assert.is((await ctx.store.getByClaim(things, tenant, claim))?.id, holder);
      for (const result of results) {
        if (result.status === 'fulfilled') continue;
        assert.instance(result.reason, ClaimTakenError);
        assert.equal([result.reason.claim, result.reason.holder], [claim, holder]);
      }
    }
    assert.is(await ctx.store.count(things, { tenant }), 10);
  });

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

  test('of fifty replacements of one revision one is made, five times over', async () => {
    const other = ctx.another();
    await other.open([things]);
    const key = at(newTenant(), 'a');
    let current = await ctx.store.insert(things, key, { claims: ['c'], rank: -1 });
    for (let round = 1; round <= 5; round++) {
      const results = await racers((i) =>
        (i % 2 ? ctx.store : other).replace(things, current, { claims: ['c'], rank: i }),
      );
      const made = results.flatMap((result) =>
        result.status === 'fulfilled' && result.value ? [result.value] : [],
      );
      assert.is(made.length, 1);
      assert.ok(results.every(({ status }) => status === 'fulfilled'));
      current = made[0] as typeof current;
      assert.is(current.revision, round + 1);
      assert.equal(await ctx.store.get(things, key), current);
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
