import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoreContext } from '../../support/stores.js';
import { insertAll } from './insert-all.js';
import { at, newTenant, things } from './things.js';
import { walk } from './walk.js';

export const idsOf = (documents: readonly { id: string }[]) => documents.map(({ id }) => id);
export const numbered = (i: number) => `d${String(i).padStart(5, '0')}`;

/** How many things there are at first, and how many come and go while they are read page by page. */
export interface WalkSize {
  readonly held: number;
  readonly inserted: number;
  readonly removed: number;
  readonly page: number;
}

/** Coprime to every `held`, so that what is drawn with them is spread, and each number drawn once. */
const [STRIDE_IN, STRIDE_OUT] = [7_919, 104_729];

export function walkedUnderWrites(test: Test, ctx: StoreContext, size: WalkSize): void {
  const { held, page } = size;
  const lots = Math.ceil(held / page);
  const [insertedALot, removedALot] = [size.inserted / lots, size.removed / lots].map(Math.ceil) as [
    number,
    number,
  ];
  for (const field of ['id', 'rank']) {
    test(`a walk by ${field} through ${held} under writes shows everything that was there throughout, once`, async () => {
      const tenant = newTenant();
      await insertAll(ctx.store, tenant, held, (i) => ({ id: numbered(i * 2), body: { rank: i % 100 } }));
      let inserted = 0;
      const removed = new Set<string>();
      const between = async () => {
        const [from, gone] = [inserted, removed.size];
        const coming = Math.min(insertedALot, size.inserted - from);
        inserted += coming;
        const inserts = insertAll(ctx.store, tenant, coming, (i) => {
          const n = ((from + i) * STRIDE_IN) % held;
          return { id: numbered(n * 2 + 1), body: { rank: n % 100 } };
        });
        const removals = Array.from({ length: Math.min(removedALot, size.removed - gone) }, (_, i) => {
          const id = numbered((((gone + i) * STRIDE_OUT) % held) * 2);
          removed.add(id);
          return ctx.store.remove(things, at(tenant, id));
        });
        await Promise.all([inserts, ...removals]);
      };
      const seen = idsOf(
        await walk(ctx.store, { tenant, order: { field, descending: false }, limit: 1 }, page, between),
      );
      assert.is(new Set(seen).size, seen.length, 'nothing twice');
      assert.equal([inserted, removed.size], [size.inserted, size.removed]);
      const always = Array.from({ length: held }, (_, i) => numbered(i * 2)).filter((id) => !removed.has(id));
      const shown = new Set(seen);
      assert.equal(
        always.filter((id) => !shown.has(id)),
        [],
      );
    });
  }
}
