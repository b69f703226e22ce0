import { Worker } from 'node:worker_threads';
import { FacetError } from '../../domain/errors.js';
import { createTurns } from '../../storage/turns.js';

/** How long all patterns of a schema are looked into, in milliseconds. */
const SCHEMA_MS = 8000;
const MOST_WAITING = 8;

/** One at a time: looking into patterns is work for a whole processor. */
const turns = createTurns();
let waiting = 0;

/**
 * The first pattern that is not shown to take time in proportion to the text, whatever the text; undefined where
 * all are. One that cannot be judged in time counts as slow. Works in a thread of its own.
 * Throws TOO_MANY_REQUESTS where too many schemas wait for it.
 */
export async function slowPattern(patterns: readonly string[]): Promise<string | undefined> {
  if (patterns.length === 0) return undefined;
  if (waiting >= MOST_WAITING) throw new FacetError('TOO_MANY_REQUESTS', { retryAfterMs: SCHEMA_MS });
  waiting++;
  try {
    return await turns.take(['patterns'], () => lookInto(patterns));
  } finally {
    waiting--;
  }
}

function lookInto(patterns: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./pattern-worker.js', import.meta.url), {
      workerData: patterns,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    const done = (slow: string | undefined) => {
      clearTimeout(timer);
      resolve(slow);
      void worker.terminate();
    };
    const timer = setTimeout(() => done(patterns[0]), SCHEMA_MS);
    worker.once('message', ({ slow }: { slow?: string }) => done(slow));
    // Out of memory, or a pattern that its parser does not know: not shown to be fast.
    worker.once('error', () => done(patterns[0]));
    worker.once('exit', () => done(patterns[0]));
  });
}
