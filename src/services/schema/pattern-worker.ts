import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { checkSync } from 'recheck';

/** How long one pattern is looked into, in milliseconds. */
const PATTERN_MS = 3000;

// Its other engines are programs that it starts; the variable must be set before it is loaded.
process.env.RECHECK_SYNC_BACKEND = 'pure';
process.env.RECHECK_BACKEND = 'pure';
const recheck = createRequire(import.meta.url)('recheck') as { checkSync: typeof checkSync };

const slow = (workerData as readonly string[]).find(
  (pattern) => recheck.checkSync(pattern, 'u', { timeout: PATTERN_MS }).status !== 'safe',
);
parentPort!.postMessage({ slow });
