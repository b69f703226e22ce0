import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as assert from 'uvu/assert';
import { identities } from '../../src/services/identity/collection.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import { seededRandom } from '../support/seeded-random.js';
import { forEachSharedStore } from '../support/shared-store.js';
import { createCaller, DEADLINE_MS } from './chaos/caller.js';
import { startFleet } from './chaos/fleet.js';
import { logInUntil } from './chaos/logins.js';
import { type Written, writeUntil } from './chaos/writers.js';

const CHAOS_MS = 120_000;
const OVER_MS = 250;
const LEAST_KILLS = 10;
const WRITERS = 4;
const WATCHERS = 5;
const FINAL = ['connected', 'failed', 'expired', 'cancelled'];

forEachSharedStore('two minutes of kills', (test, shared) => {
  // Several machines share a server, not a file.
  if (shared.name !== 'mongo') return;

  test('three services and two gateways, killed at random: nothing acknowledged is lost, and every login ends once', async () => {
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 100_000);
    const { key } = await shared.key('acme', 'outreach');
    const fleet = await startFleet(shared.settings);
    const caller = createCaller(fleet, key);
    const written: Written = new Map();
    const lag = monitorEventLoopDelay();
    lag.enable();
    const end = performance.now() + CHAOS_MS;
    let broken = false;
    const isOver = () => broken || performance.now() > end;
    const writing = Array.from({ length: WRITERS }, () => writeUntil(caller, written, isOver));
    const logging = Array.from({ length: WATCHERS }, () => logInUntil(fleet, caller, key, isOver));
    const all = Promise.all([Promise.all(writing), Promise.all(logging)]);
    // What goes wrong ends the kills first, so that the suite is left with processes that can be ended.
    all.catch(() => {
      broken = true;
    });
    const kills = await fleet.killUntil(isOver, seededRandom(seed));
    const logins = (await all)[1].flat();
    const resumed = logins.reduce((sum, login) => sum + login.resumed, 0);
    console.log(
      `# seed ${seed}: ${kills} kills, ${caller.attempts} calls, the longest ${Math.round(caller.longestMs)} ms of ${DEADLINE_MS}; ${written.size} identities written, ${logins.length} logins watched, resumed ${resumed} times`,
    );
    console.log(
      `# attempts by status, 0 for a lost connection: ${[...caller.ends].sort().join(' ').replaceAll(',', '×')}`,
    );
    assert.ok(kills >= LEAST_KILLS && resumed > 0, `seed ${seed}`);
    // What this process itself was kept from running is not the callee's.
    const ownMs = lag.max / 1e6;
    assert.ok(caller.longestMs <= DEADLINE_MS + OVER_MS + ownMs, `a call took ${caller.longestMs} ms`);

    const store = await shared.open();
    for (const [id, role] of written) {
      const found = await store.get(identities, { tenant: 'acme', id });
      assert.is(found?.body.kind === 'identity' && found.body.jobTitle, role, id);
    }
    const count = await store.count(identities, { tenant: 'acme' });
    assert.is(count, written.size + logins.length, 'one identity for each key');
    const begun = await store.count(linkedinSessions, { tenant: 'acme' });
    assert.is(begun, logins.length, 'one login for each key');
    for (const { path, end, events } of logins) {
      const id = path.split('/').at(-1)!;
      const session = (await store.get(linkedinSessions, { tenant: 'acme', id }))!.body;
      const finals = session.log.filter(({ state }) => FINAL.includes(state));
      assert.equal([session.state, finals.length, session.sequence], [end, 1, events], path);
    }
  });
});
