import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { residentMb } from '../support/resident.js';
import { startRole, stopAll } from '../support/start-role.js';

/** Node alone takes 42 MB. */
const MOST_MB = 120;
const SETTLED_MS = 2000;

const atRest = suite('at rest');
atRest.after(stopAll);

if (process.platform === 'linux') {
  atRest(`service and gateway in one process hold ${MOST_MB} MB at most`, async () => {
    const started = await startRole('all');
    await sleep(SETTLED_MS);
    const held = residentMb(started);
    console.log(`# memory at rest: ${held.toFixed(0)} MB`);
    assert.ok(held <= MOST_MB, `${held.toFixed(1)} MB`);
  });
}

atRest.run();
