// Beside others: it measures no time.
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { forEachSharedStore } from '../support/shared-store.js';
import { startRole } from '../support/start-role.js';
import { contendedRecords } from './killed/contended-records.js';
import type { Load } from './killed/load.js';
import { overRest } from './killed/over-rest.js';
import { recordsOfTheirOwn } from './killed/records-of-their-own.js';

const KINDS = [recordsOfTheirOwn, contendedRecords, overRest];
/** Kills of each kind of load. */
const KILLS = { embedded: 20, mongo: 7 };
/** In all: each process lives until it has acknowledged its share, and a little longer. */
const LEAST_ACKNOWLEDGED = { embedded: 20_000, mongo: 2_000 };
const SHARE_MS = 60_000;
const LONGEST_AFTER_MS = 100;

forEachSharedStore('a service killed during writes', (test, shared) => {
  const kills = KILLS[shared.name];
  const least = LEAST_ACKNOWLEDGED[shared.name];
  const share = Math.ceil(least / kills / KINDS.length);
  let total = 0;

  for (const [n, kind] of KINDS.entries()) {
    test(`${kind.what}: after each of ${kills} kills every acknowledged write is there, whole and once`, async () => {
      const loads: Load[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const { key } = await shared.key(`load-${n}-${kill}`);
        const process = await startRole(kind.role, shared.settings);
        // Each process is asked for what the one before it acknowledged.
        await loads.at(-1)?.mustHold(process);
        const load = await kind.begin(process, key);
        loads.push(load);
        const late = performance.now() + SHARE_MS;
        while (load.acknowledged() < share && performance.now() < late) await sleep(5);
        await sleep(Math.random() * LONGEST_AFTER_MS);
        process.child.kill('SIGKILL');
        await load.end();
        await process.ended;
      }
      const last = await startRole(kind.role, shared.settings);
      for (const load of loads) {
        await load.mustSettle?.(last);
        await load.mustHold(last);
      }
      last.child.kill('SIGKILL');
      await last.ended;
      const acknowledged = loads.reduce((sum, load) => sum + load.acknowledged(), 0);
      total += acknowledged;
      console.log(`# ${kind.what}: ${acknowledged} acknowledged before ${kills} kills, none lost`);
    });
  }

  test('enough was acknowledged to say so', () => {
    console.log(`# in all ${total} writes were acknowledged before ${KINDS.length * kills} kills`);
    assert.ok(total >= least, `${total} writes`);
  });
});
