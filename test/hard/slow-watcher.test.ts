import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { LoginUpdate } from '../../src/services/linkedin/linkedin-service.js';
import { addIdentity, COLLECTIONS, createBench, type Owner, untilState } from '../linkedin/bench.js';
import { all, assertWhole } from '../linkedin/collected.js';
import { forEachStore } from '../support/stores.js';

const FAST = 100;
const SLOW_MS = 10_000;
/** From the write to the watcher, by the 99th of a hundred: in one process, and across two. */
const HERE_MS = 100;
const THERE_MS = 700;

forEachStore('a slow watcher', COLLECTIONS, (test, ctx) => {
  test(`beside ${FAST} fast ones and ${FAST} of another process holds nobody up for ${SLOW_MS} ms, and misses nothing`, async () => {
    const elsewhere = ctx.another();
    await elsewhere.open(COLLECTIONS);
    const [here, there] = [createBench(ctx.store), createBench(elsewhere)];
    const owner: Owner = await addIdentity(ctx.store);
    const { id } = await here.service.startLogin(owner, { username: '2fa', password: 'pw' });
    await untilState(here, owner, id, 'verification_required');

    const slow = here.service.watch(owner, id, 0);
    const late = { here: [] as number[], there: [] as number[] };
    const follow = async (at: 'here' | 'there') => {
      const seen: LoginUpdate[] = [];
      for await (const update of { here, there }[at].service.watch(owner, id, undefined)) {
        // What was written before it came is no measure.
        if (update.type !== 'snapshot' && update.type !== 'heartbeat')
          late[at].push(Date.now() - Date.parse(update.session!.updateTime));
        if (update.type !== 'heartbeat') seen.push(update);
      }
      assertWhole(seen, seen[0]!.sequence);
    };
    const watching: Promise<void>[] = [];
    // Each begins by reads of its own, which a database takes some at a time.
    for (let begun = 0; begun < FAST; begun++, await sleep(10))
      watching.push(follow('here'), follow('there'));
    const first = (await slow.next()).value!;
    for (const end = Date.now() + SLOW_MS; Date.now() < end; await sleep(SLOW_MS / 10)) {
      const step = here.service.resendCode(owner, id);
      await step.catch(() => undefined);
    }
    await here.service.submitCode(owner, id, '123456');
    await Promise.all(watching);
    assertWhole([first, ...(await all(slow))], 1);
    for (const { service } of [here, there]) {
      assert.equal(service.held(), { watchers: 0, timers: 0 });
      await service.close();
    }
    const p99 = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
    const [near, far] = [p99(late.here), p99(late.there)];
    assert.ok(late.here.length >= 5 * FAST && late.there.length >= 5 * FAST);
    console.log(`# ${late.here.length} events here p99 ${near} ms, ${late.there.length} there p99 ${far} ms`);
    assert.ok(near <= HERE_MS && far <= THERE_MS, `${near} ms here, ${far} ms there`);
  });
});
