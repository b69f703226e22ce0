import { performance } from 'node:perf_hooks';
import { countIdentities, listIdentities } from '../../src/services/identity/list.js';
import type { Store } from '../../src/storage/store.js';
import { TENANT } from './profile.js';
import type { PageQuery } from './queries.js';

/** A store with so many profiles. */
export interface Filled {
  readonly store: Store;
  readonly size: number;
}

/** Milliseconds that a page takes, and the count that comes with it: medians of the rounds. */
export interface PageTimes {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** How often and for how long a page is asked for in one round, whichever ends first. */
export interface Effort {
  readonly rounds: number;
  readonly samples: number;
  readonly milliseconds: number;
}

const PAGE = 50;
const WARM_UP = 3;
const DEEP = 10_000;

/** Asks for a page again and again, one at a time, of each store in turns: what else the machine does meets them all. */
export async function measurePage(
  filled: readonly Filled[],
  query: PageQuery,
  effort: Effort,
): Promise<PageTimes[]> {
  const asked = await Promise.all(filled.map((one) => askFor(one, query)));
  const rounds: PageTimes[][] = filled.map(() => []);
  for (let round = 0; round < effort.rounds; round++) {
    for (const [at, { store }] of filled.entries()) {
      const times = await timed(effort, () => listIdentities({ store }, TENANT, asked[at]!, {}));
      const counts = await timed({ ...effort, samples: WARM_UP }, () =>
        countIdentities({ store }, TENANT, asked[at]!, {}),
      );
      rounds[at]!.push({
        p50: percentile(times, 0.5),
        p99: percentile(times, 0.99),
        count: percentile(counts, 0.5),
      });
    }
  }
  return rounds.map((times) => ({
    p50: median(times.map(({ p50 }) => p50)),
    p99: median(times.map(({ p99 }) => p99)),
    count: median(times.map(({ count }) => count)),
  }));
}

async function askFor({ store, size }: Filled, { order, conditions, from }: PageQuery) {
  const page = { order, conditions, limit: PAGE, maxBytes: Number.POSITIVE_INFINITY };
  if (from === 'deep') return { ...page, offset: Math.min(DEEP, size / 2) };
  if (from === 'start') return page;
  const middle = { ...page, offset: size / 2, limit: 1 };
  return { ...page, after: (await listIdentities({ store }, TENANT, middle, {})).next };
}

async function timed(effort: Omit<Effort, 'rounds'>, work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const times: number[] = [];
  const end = performance.now() + effort.milliseconds;
  while (times.length < effort.samples && (performance.now() < end || times.length < WARM_UP)) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other);
}

function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((one, other) => one - other),
    0.5,
  );
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}
