import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { isFinal } from '../../src/domain/linkedin/session.js';
import { LOG_KEPT } from '../../src/domain/linkedin/session-limits.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import type { LinkedInServiceOptions, LoginUpdate } from '../../src/services/linkedin/linkedin-service.js';
import { mutate } from '../../src/storage/mutate.js';
import type { Store } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';
import { addIdentity, type Bench, COLLECTIONS, createBench, type Owner, until, untilState } from './bench.js';
import { all, assertWhole } from './collected.js';
import { createFakeClock } from './fake-clock.js';
import { refused } from './refused.js';

/** A store that counts the subscriptions that are open on it. */
function counted(store: Store): { store: Store; open: () => number } {
  let open = 0;
  return {
    open: () => open,
    store: {
      ...store,
      watch(...args) {
        open++;
        const { close } = store.watch(...args);
        return {
          close() {
            open--;
            close();
          },
        };
      },
    },
  };
}

forEachStore('watching linkedin logins', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  function bench(options: Partial<LinkedInServiceOptions> & { stepMs?: number; store?: Store } = {}): Bench {
    const made = createBench(options.store ?? ctx.store, options);
    benches.push(made);
    return made;
  }

  async function begin(made: Bench, username: string): Promise<{ owner: Owner; id: string }> {
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, { username, password: 'pw' });
    return { owner, id };
  }

  /** Takes a login through a random number of events to a random end. */
  async function play({ service }: Bench, owner: Owner, id: string): Promise<void> {
    await untilState({ service }, owner, id, 'verification_required');
    for (let events = Math.floor(Math.random() * 6); events > 0; events--) {
      const resends = Math.random() < 0.5;
      await (resends ? service.resendCode(owner, id) : service.submitCode(owner, id, 'wrong')).catch(
        () => undefined,
      );
      await sleep(Math.random() * 10);
    }
    if (Math.random() < 0.3) await service.cancel(owner, id).catch(() => undefined);
    for (let codes = 0; codes < 2; codes++)
      await service.submitCode(owner, id, '123456').catch(() => undefined);
  }

  test('two hundred watchers of twenty logins each see every event once, in order, and the end', async () => {
    const { store, open } = counted(ctx.store);
    const made = bench({ store });
    const signals: AbortSignal[] = [];
    const follow = (owner: Owner, id: string, after: number | undefined) => {
      const { signal } = new AbortController();
      signals.push(signal);
      return all(made.service.watch(owner, id, after, { signal }));
    };
    const logins = await Promise.all(
      Array.from({ length: 20 }, (_, index) => begin(made, index % 2 ? '2fa' : 'chained')),
    );
    const watchers = logins.flatMap(({ owner, id }) =>
      Array.from({ length: 10 }, (_, index) => follow(owner, id, index % 2 ? 0 : undefined)),
    );
    await until('all watch', async () => made.service.held().watchers === 200);
    assert.is(open(), 1);
    await Promise.all(logins.map(({ owner, id }) => play(made, owner, id)));
    for (const [index, seen] of (await Promise.all(watchers)).entries()) {
      if (index % 2) assertWhole(seen, 1);
      else {
        assert.is(seen[0]!.type, 'snapshot');
        assertWhole(seen, seen[0]!.sequence);
      }
    }
    assert.equal(made.service.held(), { watchers: 0, timers: 0 });
    assert.is(open(), 0);
    for (const signal of signals) assert.is(getEventListeners(signal, 'abort').length, 0);
  });

  test('leaving at any point and resuming misses nothing and repeats nothing', async () => {
    const made = bench();
    let resumes = 0;
    const follow = async (owner: Owner, id: string): Promise<void> => {
      const seen: LoginUpdate[] = [];
      while (seen.length === 0 || !isFinal(seen.at(-1)!.session!)) {
        resumes++;
        let left = Math.floor(Math.random() * 3);
        const leaving = new AbortController();
        if (Math.random() < 0.3) setTimeout(() => leaving.abort(), Math.random() * 20);
        const updates = made.service.watch(owner, id, seen.at(-1)?.sequence ?? 0, { signal: leaving.signal });
        try {
          for await (const update of updates) {
            seen.push(update);
            if (left-- <= 0) break;
          }
        } catch (error) {
          assert.is(error, leaving.signal.reason);
        }
      }
      assertWhole(seen, 1);
      assert.equal(await all(made.service.watch(owner, id, seen.length)), []);
    };
    const logins = await Promise.all(Array.from({ length: 20 }, () => begin(made, 'chained')));
    await Promise.all(
      logins.flatMap(({ owner, id }) => [
        play(made, owner, id),
        ...Array.from({ length: 16 }, () => follow(owner, id)),
      ]),
    );
    assert.ok(resumes >= 1_000, `${resumes} resumes`);
    assert.equal(made.service.held(), { watchers: 0, timers: 0 });
  });

  test('an event reaches watchers of another process within 700 ms, and codes sooner', async () => {
    const elsewhere = ctx.another();
    await elsewhere.open(COLLECTIONS);
    const here = bench({ stepMs: 50 });
    const there = bench({ store: elsewhere });
    const { owner, id } = await begin(here, '2fa');
    const late: number[] = [];
    const watching = (async () => {
      for await (const update of there.service.watch(owner, id, 0)) {
        late.push(Date.now() - Date.parse(update.session!.updateTime));
      }
    })();
    await untilState(here, owner, id, 'verification_required');
    await sleep(600);
    await here.service.submitCode(owner, id, 'wrong');
    await sleep(250);
    await here.service.submitCode(owner, id, '123456');
    await watching;
    assert.is(late.length, 7);
    assert.ok(
      late.slice(2).every((ms) => ms <= 700),
      late.join(),
    );
    assert.ok(
      late.slice(-2).every((ms) => ms <= 250),
      late.join(),
    );
  });

  test('a login that has ended is told as a snapshot, or as what is left of its events', async () => {
    const made = bench();
    const { owner, id } = await begin(made, 'ok');
    const { sequence } = await untilState(made, owner, id);
    const [snapshot, ...more] = await all(made.service.watch(owner, id, undefined));
    assert.is(more.length, 0);
    assert.equal(
      [snapshot!.type, snapshot!.session!.state, snapshot!.resync],
      ['snapshot', 'connected', false],
    );
    assertWhole(await all(made.service.watch(owner, id, 1)), 2);
    assert.equal(await all(made.service.watch(owner, id, sequence)), []);
  });

  test('a sequence that the log has not reached is refused', async () => {
    const made = bench({ connector: 'worker' });
    const { owner, id } = await begin(made, 'ok');
    for (const after of [2, 1_000_000, -1, 0.5, Number.NaN]) {
      assert.is(await refused(made.service.watch(owner, id, after).next()), 'INVALID_SEQUENCE');
    }
    assert.equal(made.service.held().watchers, 0);
  });

  test('who is behind the log gets a snapshot that says so', async () => {
    const made = bench({ connector: 'worker' });
    const { owner, id } = await begin(made, 'ok');
    await mutate(ctx.store, linkedinSessions, { tenant: owner.tenant, id }, (session) => {
      const entries = Array.from({ length: 150 }, (_, index) => ({
        ...session.log[0]!,
        sequence: index + 1,
      }));
      return { ...session, sequence: 150, log: entries.slice(-LOG_KEPT) };
    });
    const updates = made.service.watch(owner, id, 3);
    const { value } = await updates.next();
    assert.equal([value.type, value.resync, value.sequence], ['snapshot', true, 150]);
    await updates.return!();
    const near = made.service.watch(owner, id, 148);
    assert.is((await near.next()).value.sequence, 149);
    await near.return!();
  });

  test('a quiet watch is kept alive by heartbeats, without a number or a session', async () => {
    const clock = createFakeClock();
    const made = bench({ connector: 'worker', clock });
    const { owner, id } = await begin(made, 'ok');
    const updates = made.service.watch(owner, id, undefined);
    await updates.next();
    for (let beat = 1; beat <= 3; beat++) {
      const next = updates.next();
      await until('waiting', async () => clock.timers() > 0);
      await clock.advance(15_000);
      const { value } = await next;
      assert.equal([value.type, value.sequence, value.session], ['heartbeat', 0, null]);
      assert.is(value.expireTime, (await made.service.getSession(owner, id)).expireTime);
      assert.is(Date.parse(value.serverTime), clock.now());
    }
    await made.service.cancel(owner, id);
    assert.is((await updates.next()).value.session.state, 'cancelled');
    assert.is((await updates.next()).done, true);
    assert.is(clock.timers(), 0);
  });

  test('who leaves while waiting leaves nothing behind, and the login goes on', async () => {
    const { store, open } = counted(ctx.store);
    const clock = createFakeClock();
    const made = bench({ connector: 'worker', clock, store });
    const { owner, id } = await begin(made, 'ok');
    const updates = made.service.watch(owner, id, undefined);
    await updates.next();
    const waiting = updates.next();
    await until('waiting', async () => clock.timers() === 1);
    assert.equal(await updates.return!(), { done: true, value: undefined });
    assert.is((await waiting).done, true);
    assert.equal([made.service.held().watchers, open(), clock.timers()], [0, 0, 0]);
    assert.is((await made.service.getSession(owner, id)).state, 'queued');
    const never = made.service.watch(owner, id, undefined);
    await never.return!();
    assert.is((await never.next()).done, true);
  });

  test('an aborted call ends its watch with its reason', async () => {
    const made = bench({ connector: 'worker' });
    const { owner, id } = await begin(made, 'ok');
    const leaving = new AbortController();
    const updates = made.service.watch(owner, id, undefined, { signal: leaving.signal });
    await updates.next();
    const waiting = updates.next().catch((error: unknown) => error);
    leaving.abort(new Error('the caller has gone'));
    assert.is(await waiting, leaving.signal.reason);
    assert.is(made.service.held().watchers, 0);
    assert.is(getEventListeners(leaving.signal, 'abort').length, 0);
  });

  test('closing the service ends watches as shutting down, and they resume elsewhere', async () => {
    const made = bench({ connector: 'worker' });
    const { owner, id } = await begin(made, 'ok');
    const updates = made.service.watch(owner, id, undefined);
    const { value } = await updates.next();
    const waiting = refused(updates.next());
    await made.service.close();
    assert.is(await waiting, 'SHUTTING_DOWN');
    assert.is(await refused(made.service.startLogin(owner, {})), 'SHUTTING_DOWN');
    const other = bench({ connector: 'worker' });
    const rest = all(other.service.watch(owner, id, value.sequence));
    await other.service.cancel(owner, id);
    assertWhole(await rest, value.sequence + 1);
  });

  test('a slow reader gets every event when it comes back, and no heap of heartbeats', async () => {
    const clock = createFakeClock();
    const made = bench({ connector: 'worker', clock });
    const { owner, id } = await begin(made, 'ok');
    const slow = made.service.watch(owner, id, undefined);
    await slow.next();
    await clock.advance(10 * 60_000 - 1);
    await made.service.cancel(owner, id);
    const rest: LoginUpdate[] = [];
    for await (const update of slow) rest.push(update);
    assert.equal(
      rest.map(({ type, session }) => [type, session?.state]),
      [['state_changed', 'cancelled']],
    );
  });
});
