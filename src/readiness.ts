import type { Logger } from 'pino';
import { StoreCorruptError } from './storage/errors.js';
import type { Collection, Store } from './storage/store.js';

const LOOK_EVERY_MS = 1000;
/** A look that takes longer finds the store away. */
const LOOK_MS = 1000;
const OPEN_MS = 30_000;

/** Whether the store can be used, looked at once a second. */
export interface Readiness {
  ready(): boolean;
  /**
   * Begins to look; resolves after the first look, the store there or away. `onOpen` is called once, when the store
   * is first there with all its collections, and waited for. Throws StoreCorruptError where the store is there and
   * is none of ours: waiting will not mend that.
   */
  start(onOpen: () => void | Promise<void>): Promise<void>;
  stop(): void;
}

/** Keeps an eye on the store, and makes its collections as soon as it is there. */
export function watchReadiness(
  store: Store,
  collections: readonly Collection<never>[],
  log: Logger,
): Readiness {
  let ready = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let open = false;
  let told: 'nothing' | 'there' | 'away' = 'nothing';
  let everThere = false;

  async function look(onOpen: () => void | Promise<void>): Promise<void> {
    try {
      if (!open) await store.open(collections, { signal: AbortSignal.timeout(OPEN_MS) });
      open = true;
      // An engine may take the collections before it can be reached.
      await store.ping({ signal: AbortSignal.timeout(LOOK_MS) });
      ready = !stopped;
      if (told !== 'there') log.info({ store: store.name }, 'the store answers');
      told = 'there';
    } catch (error) {
      ready = false;
      if (told === 'nothing' && error instanceof StoreCorruptError) throw error;
      if (told !== 'away') log.warn({ err: error, store: store.name }, 'the store cannot be reached');
      told = 'away';
    }
    if (ready && !everThere) {
      everThere = true;
      await onOpen();
    }
    if (!stopped) timer = setTimeout(look, LOOK_EVERY_MS, onOpen);
  }

  return {
    ready: () => ready,
    start: look,
    stop() {
      stopped = true;
      ready = false;
      clearTimeout(timer);
    },
  };
}
