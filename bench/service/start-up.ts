import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../../test/support/resident.js';
import { newFolder, startRole } from '../../test/support/start-role.js';
import { median } from '../gateway/measure.js';

const STARTS = 5;
const SETTLED_MS = 3000;

export interface StartUp {
  /** From the command to `facet ready`, on a store that is there: milliseconds, the median. */
  readonly readyMs: number;
  /** Resident memory of service and gateway in one process at rest, in MB, the median. */
  readonly idleMb: number;
}

export async function measureStartUp(): Promise<StartUp> {
  const settings = { FACET_DATA_DIR: newFolder(), FACET_LOG_LEVEL: 'warn' };
  const times: number[] = [];
  const held: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const began = performance.now();
    const started = await startRole('all', settings);
    // The first start makes the store.
    if (start > 0) {
      times.push(performance.now() - began);
      await sleep(SETTLED_MS);
      held.push(residentMb(started));
    }
    started.child.kill('SIGTERM');
    await started.ended;
  }
  return { readyMs: median(times), idleMb: median(held) };
}
