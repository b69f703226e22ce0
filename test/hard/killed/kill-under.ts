import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { forEachSharedStore } from '../../support/shared-store.js';
import { startRole } from '../../support/start-role.js';
import type { Load, LoadKind } from './load.js';

const KILLS = { embedded: 20, mongo: 7 };
/** In all: each process lives until it has acknowledged its share, and a little longer. Three kinds make 20,000. */
const LEAST_ACKNOWLEDGED = { embedded: 6_667, mongo: 667 };
const SHARE_MS = 60_000;
const LONGEST_AFTER_MS = 100;

/** Defines and runs a suite on each store: a process is killed with -9 under the load, again and again. */
export function killUnder(kind: LoadKind): void {
  forEachSharedStore('a service killed during writes', (test, shared) => {
    const kills = KILLS[shared.name];
    const least = LEAST_ACKNOWLEDGED[shared.name];
    const share = Math.ceil(least / kills);

    test(`${kind.what}: after each of ${kills} kills every acknowledged write is there, whole and once`, async () => {
      const loads: Load[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const { key } = await shared.key(`load-${kill}`);
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
      const acknowledged = loads.reduce((sum, load) => sum + load.acknowledged(), 0);
      console.log(`# ${kind.what}: ${acknowledged} acknowledged before ${kills} kills, none lost`);
      assert.ok(acknowledged >= least, `${acknowledged} writes`);
    });
  });
}
