import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { ClaimTakenError } from '../../../src/storage/errors.js';
import type { StoreContext } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

export const RACERS = 50;

export const racers = <T>(run: (i: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: RACERS }, (_, i) => run(i)));

/** Races of two processes for claims and for revisions, over and over. */
export function contended(
  test: Test,
  ctx: StoreContext,
  times: { readonly claims: number; readonly revisions: number },
): void {
  test(`of ${RACERS} that want one claim one gets it, for each of ${times.claims} claims`, async () => {
    const other = ctx.another();
    await other.open([things]);
    const tenant = newTenant();
    for (let round = 0; round < times.claims; round++) {
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
    assert.is(await ctx.store.count(things, { tenant }), times.claims);
  });

  test(`of ${RACERS} replacements of one revision one is made, ${times.revisions} times over`, async () => {
    const other = ctx.another();
    await other.open([things]);
    const key = at(newTenant(), 'a');
    let current = await ctx.store.insert(things, key, { claims: ['c'], rank: -1 });
    for (let round = 1; round <= times.revisions; round++) {
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
}
