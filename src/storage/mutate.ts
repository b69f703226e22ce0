import { orAborted, pause } from './abort.js';
import type { Collection, Document, Key, Store, Wait } from './store.js';
import { createTurns, type Turns } from './turns.js';

/** Writers of one record in this process queue here, so that they do not defeat each other. */
const queues = new WeakMap<Store, Turns>();

const LONGEST_PAUSE_MS = 64;

/** Thrown by `mutate` when other processes kept winning until the attempts ran out. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

/**
 * Changes one document by a pure function of its newest body: read, apply, replace where the revision is
 * still the one read, else again. The function may run several times, so ids, hashes and the clock come before.
 *
 * @param change the new body; the same object it was given means that there is nothing to write
 * @returns the document as it now is, or undefined where there is none
 */
export async function mutate<B>(
  store: Store,
  collection: Collection<B>,
  key: Key,
  change: (body: B) => B,
  wait: Wait & { readonly attempts?: number } = {},
): Promise<Document<B> | undefined> {
  return inTurn(store, `${collection.name}/${key.tenant}/${key.id}`, wait.signal, async () => {
    for (let attempt = 0; attempt < (wait.attempts ?? 200); attempt++) {
      wait.signal?.throwIfAborted();
      const current = await store.get(collection, key, wait);
      if (current === undefined) return undefined;
      const body = change(current.body);
      if (body === current.body) return current;
      const replaced = await store.replace(collection, current, body, wait);
      if (replaced !== undefined) return replaced;
      await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS), wait.signal);
    }
    throw new ContentionError(`${collection.name}: another writer won every attempt`);
  });
}

/**
 * Runs what goes by the same name and store one after the other within this process. An aborted signal ends
 * the caller's wait with its reason; its place in the queue is kept until its turn is over.
 */
export function inTurn<T>(
  store: Store,
  name: string,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  let queue = queues.get(store);
  if (queue === undefined) {
    queue = createTurns();
    queues.set(store, queue);
  }
  const turn = queue.take([name], async () => {
    signal?.throwIfAborted();
    return run();
  });
  return orAborted(turn, signal);
}
