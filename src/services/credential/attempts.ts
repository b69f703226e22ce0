import { createHash } from 'node:crypto';
import { FacetError } from '../../domain/errors.js';
import { claim } from '../../domain/identity-index.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import { type Collection, EVERY_TENANT, type Store, type Wait } from '../../storage/store.js';

/** How often somebody has tried to be an identity of late. */
interface AttemptRecord {
  /** A hash of what was tried. */
  readonly id: string;
  readonly count: number;
  /** Milliseconds since the epoch: the count begins anew. */
  readonly until: number;
}

/** In the store, so that all processes count as one. */
export const attempts: Collection<AttemptRecord> = {
  name: 'sign_in_attempts',
  fields: { until: 'number' },
  everyTenant: ['until'],
  index: ({ id, until }) => ({ claims: [claim('id', id)], tokens: [], fields: { until } }),
};

const WINDOW_MS = 15 * 60_000;
const REMOVED_AT_ONCE = 200;

/** What is tried, and how often within 15 minutes it may be. */
export interface Attempted {
  readonly tenant: string;
  /** As in `password` and the identifier, or `second_factor` and the identity's id. */
  readonly what: readonly string[];
  readonly most: number;
}

export interface AttemptLimit {
  /** Counts before anything is checked, so that tries at once count, too. Throws TOO_MANY_ATTEMPTS. */
  begin(attempted: Attempted, wait: Wait): Promise<void>;
  /** Forgets the tries: they led to the right one. */
  succeeded(attempted: Attempted, wait: Wait): Promise<void>;
  /** Removes counts that have lapsed. */
  sweep(wait: Wait): Promise<void>;
}

/** `now`: milliseconds since the epoch. */
export function createAttemptLimit({
  store,
  now,
}: {
  readonly store: Store;
  readonly now: () => number;
}): AttemptLimit {
  async function count(key: { tenant: string; id: string }, most: number, wait: Wait): Promise<void> {
    const time = now();
    for (;;) {
      let lapse: number | undefined;
      const raise = (before: AttemptRecord): AttemptRecord => {
        lapse = undefined;
        if (before.until <= time) return { ...before, count: 1, until: time + WINDOW_MS };
        if (before.count < most) return { ...before, count: before.count + 1 };
        lapse = before.until;
        return before;
      };
      const counted = await mutate(store, attempts, key, raise, wait);
      if (lapse !== undefined) throw new FacetError('TOO_MANY_ATTEMPTS', { retryAfterMs: lapse - time });
      if (counted !== undefined) return;
      try {
        await store.insert(attempts, key, { id: key.id, count: 1, until: time + WINDOW_MS }, wait);
        return;
      } catch (error) {
        // Somebody else's first try: counted upon theirs.
        if (!(error instanceof ClaimTakenError)) throw error;
      }
    }
  }

  return {
    begin: ({ tenant, what, most }, wait) => count({ tenant, id: idOf(what) }, most, wait),
    async succeeded({ tenant, what }, wait) {
      await store.remove(attempts, { tenant, id: idOf(what) }, undefined, wait);
    },
    async sweep(wait) {
      const where = [{ field: 'until', lt: now() }];
      const lapsed = await store.find(
        attempts,
        { tenant: EVERY_TENANT, where, limit: REMOVED_AT_ONCE },
        wait,
      );
      // At the revision that was seen: a try that comes in between is counted.
      for (const each of lapsed) await store.remove(attempts, each, each.revision, wait);
    },
  };
}

function idOf(what: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}
