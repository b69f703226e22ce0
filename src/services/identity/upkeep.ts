import type { Logger } from 'pino';
import type { StoredIdentity } from '../../domain/identity.js';
import { INDEX_VERSION, UNFINISHED } from '../../domain/identity-index.js';
import { currentIdentity } from '../../domain/identity-shape.js';
import { createCloser, pause } from '../../storage/abort.js';
import { mutate } from '../../storage/mutate.js';
import { type Condition, type Document, EVERY_TENANT, type Store } from '../../storage/store.js';
import { identities } from './collection.js';
import { clearTheWay } from './merge.js';
import { settleMerge } from './settle-merge.js';

/** Keeps the identities of all tenants in order, behind everyone's back. */
export interface IdentityUpkeep {
  /** Indexes anew what an older version has written, then finishes every 30 seconds what a crash has left. */
  start(): void;
  /** Finishes the merges that were begun, or drops them. */
  sweep(): Promise<void>;
  /** Indexes anew what an older version has written; how many documents those were. */
  reindex(): Promise<number>;
  /** Resolves once nothing is under way. */
  close(): Promise<void>;
}

const SWEEP_MS = 30_000;
/** How many are found, and written, at once: few enough to leave the store to others. */
const AT_ONCE = 25;
/** After how many documents progress is told. */
const TOLD_EVERY = 10_000;

/** What an older version has indexed: before the first one, nothing was noted. */
const OUTDATED: readonly Condition[] = [
  { field: 'upkeep', equals: null },
  { field: 'upkeep', gte: UNFINISHED + 1, lt: INDEX_VERSION },
];

export function createIdentityUpkeep({
  store,
  now,
  log,
}: {
  readonly store: Store;
  readonly now: () => Date;
  readonly log: Logger;
}): IdentityUpkeep {
  const closer = createCloser();
  const wait = { signal: closer.signal };
  let running: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    const where = [{ field: 'upkeep', equals: UNFINISHED }];
    const left = await store.find(identities, { tenant: EVERY_TENANT, where, limit: AT_ONCE }, wait);
    for (const { body } of left) {
      if (body.kind === 'merged') await settleMerge(store, body, wait);
      else await clearTheWay({ store, now }, body, wait);
    }
  }

  async function reindex(): Promise<number> {
    let count = 0;
    for (const condition of OUTDATED) {
      for await (const page of pages(condition)) {
        await Promise.all(page.map(rewrite));
        const before = count;
        count += page.length;
        if (Math.floor(count / TOLD_EVERY) > Math.floor(before / TOLD_EVERY))
          log.info({ identities: count }, 'identities of an older version are being indexed anew');
      }
    }
    if (count > 0) log.info({ identities: count }, 'identities of an older version were indexed anew');
    return count;
  }

  /** By key, so that one that cannot be written is not met again. */
  async function* pages(condition: Condition): AsyncGenerator<Document<StoredIdentity>[]> {
    let after: { value: null; id: string; tenant: string } | undefined;
    for (;;) {
      const query = {
        tenant: EVERY_TENANT,
        where: [condition],
        limit: AT_ONCE,
        ...(after && { after }),
      } as const;
      const page = await store.find(identities, query, wait);
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < AT_ONCE) return;
      after = { value: null, id: last.id, tenant: last.tenant };
    }
  }

  async function rewrite({ tenant, id }: Document<StoredIdentity>): Promise<void> {
    try {
      await mutate(store, identities, { tenant, id }, rewritten, wait);
    } catch (error) {
      if (closer.signal.aborted) throw error;
      log.warn({ err: error, identity: id }, 'an identity could not be indexed anew');
    }
  }

  async function run(): Promise<void> {
    let reindexed = false;
    while (!closer.signal.aborted) {
      try {
        if (!reindexed) await reindex();
        reindexed = true;
        await sweep();
      } catch (error) {
        if (!closer.signal.aborted) log.warn({ err: error }, 'the identities could not be swept');
      }
      await pause(SWEEP_MS, closer.signal).catch(() => undefined);
    }
  }

  return {
    start() {
      running = run();
    },
    sweep,
    reindex,
    async close() {
      closer.abort();
      await running;
    },
  };
}

/** The same in today's shape: a new object, so that it is written. */
function rewritten(stored: StoredIdentity): StoredIdentity {
  return stored.kind === 'identity' ? { ...currentIdentity(stored) } : { ...stored };
}
