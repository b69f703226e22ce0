import type { Collection as MongoCollection } from 'mongodb';
import { pause } from '../abort.js';
import { ClaimTakenError } from '../errors.js';
import type { Key } from '../store.js';
import type { Turns } from '../turns.js';
import { findTaken } from './find-taken.js';
import { isConflict, isDuplicate, toStoreError } from './mongo-error.js';
import type { StoredDocument } from './stored-document.js';

/** A document that is written with its claims. */
export interface ClaimingWrite<T> {
  readonly key: Key;
  readonly claims: readonly string[];
  /** Whether its id must be free, too. */
  readonly isNew: boolean;
  readonly write: () => Promise<T>;
}

const MOST_ATTEMPTS = 20;
const PAUSE_MS = 20;

/**
 * Writes; throws ClaimTakenError where a unique index refuses. Writers that want one claim take turns in this
 * process: DocumentDB lets any two that meet run into a deadlock, which takes it a second to find.
 */
export function writeClaims<T>(
  stored: MongoCollection<StoredDocument>,
  turns: Turns,
  { key, claims, isNew, write }: ClaimingWrite<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const lines = claims.map((claim) => `${stored.collectionName}/${key.tenant}/${claim}`);
  return turns.take(lines, async (waited) => {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      // One that had to wait has most likely lost: a look costs less than a deadlock with another process.
      if (waited || attempt > 1) {
        const taken = await findTaken(stored, key, claims, isNew);
        if (taken !== undefined) throw taken;
      }
      try {
        return await write();
      } catch (error) {
        // Where the holder is gone by the time that it is looked for, the claim is free.
        if (!isDuplicate(error) && !isConflict(error)) throw error;
        if (attempt === MOST_ATTEMPTS) {
          throw isDuplicate(error)
            ? new ClaimTakenError(undefined, undefined, { cause: error })
            : toStoreError(error);
        }
        if (isConflict(error)) await pause(Math.random() * PAUSE_MS * attempt, signal);
      }
    }
  });
}
