import type { Logger } from 'pino';
import { KEPT_MS } from '../../domain/auth-session/session-times.js';
import { createCloser, pause } from '../../storage/abort.js';
import { EVERY_TENANT, type Store } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import { authSessions } from './collection.js';
import { endFormerSessions } from './ending.js';

/** Tidies the auth sessions of all tenants up. Which of them hold does not depend on it. */
export interface AuthSessionUpkeep {
  /** Sweeps at once, then every 30 seconds. */
  start(): void;
  /** Marks what has ended with its identity, and removes what ended long ago. */
  sweep(): Promise<void>;
  /** Resolves once nothing is under way. */
  close(): Promise<void>;
}

const SWEEP_MS = 30_000;
const AT_ONCE = 50;

export function createAuthSessionUpkeep(context: {
  readonly store: Store;
  readonly now: () => Date;
  readonly log: Logger;
}): AuthSessionUpkeep {
  const { store, now, log } = context;
  const closer = createCloser();
  const wait = { signal: closer.signal };
  let running: Promise<void> = Promise.resolve();

  async function markEnded(): Promise<void> {
    const where = [{ field: 'sessionsEnding', equals: true }];
    const left = await store.find(identities, { tenant: EVERY_TENANT, where, limit: AT_ONCE }, wait);
    for (const identity of left) await endFormerSessions(context, identity, wait);
  }

  async function removeOld(): Promise<void> {
    const where = [{ field: 'endsAt', lt: now().getTime() - KEPT_MS }];
    const order = { field: 'endsAt', descending: false };
    const query = { tenant: EVERY_TENANT, where, order, limit: AT_ONCE } as const;
    for (;;) {
      const old = await store.find(authSessions, query, wait);
      await Promise.all(old.map((session) => store.remove(authSessions, session, undefined, wait)));
      if (old.length < AT_ONCE) return;
    }
  }

  async function sweep(): Promise<void> {
    await markEnded();
    await removeOld();
  }

  async function run(): Promise<void> {
    while (!closer.signal.aborted) {
      await sweep().catch((error: unknown) => {
        if (!closer.signal.aborted) log.warn({ err: error }, 'the auth sessions could not be swept');
      });
      await pause(SWEEP_MS, closer.signal).catch(() => undefined);
    }
  }

  return {
    start() {
      running = run();
    },
    sweep,
    async close() {
      closer.abort();
      await running;
    },
  };
}
