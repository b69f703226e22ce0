import type { Document, Key } from '../store.js';
import { inTenant } from './plan-writes.js';

/** Reads documents by their keys; one that is named twice is there twice. */
export type ReadKeys = (keys: readonly Key[]) => Promise<readonly Document<unknown>[]>;

interface Waiting {
  readonly key: Key;
  readonly resolve: (found: Document<unknown> | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks that may be under way at once: one is in the driver's threads while the other is in ours. */
const MOST_LOOKS = 2;
/** Keys that share a look; of what they find the largest hold up the others. */
const MOST_KEYS = 16;

/**
 * Gets documents one by one in as few looks as it takes: what is asked for while others are under way shares the
 * next, since a look takes longer than all that it finds. It begins after everything that it serves was asked for.
 */
export function createGetTogether(readKeys: ReadKeys): (key: Key) => Promise<Document<unknown> | undefined> {
  const queue: Waiting[] = [];
  let looks = 0;

  async function work(): Promise<void> {
    looks++;
    while (queue.length > 0) await look(readKeys, queue.splice(0, MOST_KEYS));
    looks--;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      queue.push({ key, resolve, reject });
      if (looks < MOST_LOOKS) void work();
    });
}

/** Never rejects: each that waits learns of its own end. */
async function look(readKeys: ReadKeys, together: readonly Waiting[]): Promise<void> {
  try {
    const found = new Map<string, Document<unknown>[]>();
    for (const document of await readKeys(together.map(({ key }) => key))) {
      const name = inTenant(document.tenant, document.id);
      found.set(name, [document, ...(found.get(name) ?? [])]);
    }
    // Each takes a copy of its own where several ask for one document.
    for (const { key, resolve } of together) resolve(found.get(inTenant(key.tenant, key.id))?.pop());
  } catch (error) {
    if (together.length === 1) together[0]!.reject(error);
    // One document that cannot be read must not take its neighbours with it.
    else await Promise.all(together.map((one) => look(readKeys, [one])));
  }
}
