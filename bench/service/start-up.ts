import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { newFolder, startRole } from '../../test/support/start-role.js';
import { median } from '../gateway/measure.js';

const STARTS = 5;
const SETTLED_MS = 3000;

export interface StartUp {
  /** From the command to `facet ready`, on a store that is there: milliseconds, the median. */
  readonly readyMs: number;
  /** Resident memory of service and gateway in one process at rest, in MB. */
  readonly idleMb: number;
}

export async function measureStartUp(): Promise<StartUp> {
  const settings = { FACET_DATA_DIR: newFolder(), FACET_LOG_LEVEL: 'warn' };
  const times: number[] = [];
  let idleMb = 0;
  for (let start = 0; start <= STARTS; start++) {
    const began = performance.now();
    const { child, ended } = await startRole('all', settings);
    // The first start makes the store.
    if (start > 0) times.push(performance.now() - began);
    if (start === STARTS) {
      await sleep(SETTLED_MS);
      idleMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024;
    }
    child.kill('SIGTERM');
    await ended;
  }
  return { readyMs: median(times), idleMb };
}
