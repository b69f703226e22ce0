import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { forEachSharedStore } from '../support/shared-store.js';
import { startRole } from '../support/start-role.js';
import { identitiesAt, mustHold, newLedger, writeUntilGone } from './ledger.js';

const KILLS = 20;
const WRITERS = 16;

forEachSharedStore('a service killed during writes', (test, shared) => {
  test(`after each of ${KILLS} kills every acknowledged write is there, whole, and no claim is left behind`, async () => {
    const { key } = await shared.key('acme');
    let acknowledged = 0;
    let ledger = newLedger();
    // Each process is asked for what the one before it acknowledged; the last one only for that.
    for (let kill = 0; kill <= KILLS; kill++) {
      const service = await startRole('service', shared.settings);
      const client = identitiesAt(service.grpc!, key);
      await mustHold(client, ledger);
      acknowledged += ledger.made.size + ledger.titled.size;
      ledger = newLedger();
      if (kill < KILLS) {
        const name = (w: number) => `k${kill}-${w}`;
        const writers = Array.from({ length: WRITERS }, (_, w) => writeUntilGone(client, ledger, name(w)));
        while (ledger.made.size === 0) await sleep(5);
        await sleep(50 + Math.random() * 400);
        service.child.kill('SIGKILL');
        await Promise.all(writers);
      }
      service.child.kill('SIGKILL');
      await service.ended;
      client.close();
    }
    console.log(
      `# ${acknowledged} writes were acknowledged before ${KILLS} kills, and all of them are there`,
    );
    assert.ok(acknowledged > KILLS * WRITERS, `${acknowledged} writes`);
  });
});
