import { pause } from '../abort.js';
import { BusyError } from './sqlite-error.js';

/** Longer than any transaction of ours; a lock held beyond it is somebody's mistake. */
const PATIENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 20;

/** Tries again while another process holds the lock. The waiting is a timer, so nothing else stands still. */
export async function whileBusy<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof BusyError) || performance.now() > end) throw error;
      await pause(wait * (0.5 + Math.random()), signal);
    }
  }
}
