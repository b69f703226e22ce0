import * as assert from 'uvu/assert';
import type { SessionRecord, SessionState } from '../../src/domain/linkedin/session.js';
import { identities } from '../../src/services/identity/collection.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import type { LinkedInServiceOptions } from '../../src/services/linkedin/linkedin-service.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import type { Store } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  identityOf,
  markDeleted,
  type Owner,
  TENANT,
  until,
  untilState,
} from './bench.js';
import { cuttable } from './cuttable-store.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { ASKED, CONNECTED, createScriptedConnector } from './scripted-connector.js';

const ADA = { username: 'ada', password: 'pw' };
const LEASE_MS = 30_000;
const never = new Promise<never>(() => undefined);

forEachStore('linkedin logins over a restart', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  let clock: FakeClock;
  test.before.each(() => {
    clock = createFakeClock();
  });
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  function bench(store: Store, options: Partial<LinkedInServiceOptions> & { stepMs?: number } = {}): Bench {
    const made = createBench(store, { clock, ...options });
    benches.push(made);
    return made;
  }

  async function recordOf({ tenant }: Owner, id: string): Promise<SessionRecord> {
    return (await ctx.store.get(linkedinSessions, { tenant, id }))!.body;
  }

  /** Waits for the state while time goes on. */
  async function comesTo(owner: Owner, id: string, state: SessionState): Promise<SessionRecord> {
    return until(state, async () => {
      await clock.advance(10);
      const session = await recordOf(owner, id);
      return session.state === state && session;
    });
  }

  /** Begins a login in a process that is cut off once the session looks as said. */
  async function diesWhen(
    owner: Owner,
    username: string,
    looks: (session: SessionRecord) => boolean,
    options: Partial<LinkedInServiceOptions> & { stepMs?: number } = {},
  ): Promise<{ id: string; dead: Bench }> {
    const store = cuttable(ctx.store);
    const dead = bench(store, options);
    const { id } = await dead.service.startLogin(owner, { username, password: 'pw' });
    await until('the moment', async () => {
      await clock.advance(10);
      return looks(await recordOf(owner, id));
    });
    store.cut();
    return { id, dead };
  }

  test('a service that is closed hands its login over at once', async () => {
    const owner = await addIdentity(ctx.store);
    const first = bench(ctx.store, { stepMs: 5_000 });
    const { id } = await first.service.startLogin(owner, ADA);
    await untilState(first, owner, id, 'connecting');
    await until('the wait', async () => clock.timers() > 1);
    await first.service.close();
    assert.is((await recordOf(owner, id)).lease?.until, clock.now());
    const second = bench(ctx.store);
    second.service.start();
    await comesTo(owner, id, 'connected');
    assert.is((await recordOf(owner, id)).attempts, 2);
    const states = (await recordOf(owner, id)).log.map(({ state }) => state);
    assert.equal(states, ['queued', 'connecting', 'queued', 'connecting', 'connected']);
  });

  test('a login whose process was killed goes on when its lease has run out', async () => {
    const owner = await addIdentity(ctx.store);
    const { id } = await diesWhen(owner, 'ok', ({ ref }) => ref !== null, { stepMs: 5_000 });
    const second = bench(ctx.store);
    second.service.start();
    await clock.advance(LEASE_MS - 1_000);
    assert.is((await recordOf(owner, id)).state, 'connecting');
    await clock.advance(7_000);
    await comesTo(owner, id, 'connected');
    await second.service.getSession(owner, id);
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
  });

  test('a process that comes back under its own name need not wait for its lease', async () => {
    const owner = await addIdentity(ctx.store);
    const { id } = await diesWhen(owner, 'ok', ({ ref }) => ref !== null, { stepMs: 5_000, ownerId: 'me' });
    const second = bench(ctx.store, { ownerId: 'me' });
    second.service.start();
    await comesTo(owner, id, 'connected');
    assert.ok(clock.now() < (await recordOf(owner, id)).createdAt + LEASE_MS);
  });

  test('a login that LinkedIn may have heard of is not begun anew', async () => {
    const owner = await addIdentity(ctx.store);
    const connector = createScriptedConnector();
    connector.start = async (session) => {
      await session.externalCallStarted();
      return never;
    };
    const { id } = await diesWhen(owner, 'ok', ({ externalCall }) => externalCall, { connector });
    const second = bench(ctx.store, { connector: createScriptedConnector() });
    second.service.start();
    await clock.advance(LEASE_MS + 5_000);
    assert.is((await comesTo(owner, id, 'failed')).error?.code, 'worker_lost');
    await second.service.getSession(owner, id);
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'not_connected');
  });

  test('an approval that was waited for is found by the next process', async () => {
    const owner = await addIdentity(ctx.store);
    const { id } = await diesWhen(owner, 'inapp', ({ state }) => state === 'verification_required');
    const second = bench(ctx.store);
    second.service.start();
    await clock.advance(LEASE_MS + 6_000);
    await comesTo(owner, id, 'connected');
  });

  test('a code that was asked for can be handed to another process', async () => {
    const owner = await addIdentity(ctx.store);
    const { id } = await diesWhen(owner, '2fa', ({ state }) => state === 'verification_required');
    const second = bench(ctx.store);
    assert.is((await second.service.submitCode(owner, id, '123456')).state, 'connected');
  });

  for (const [found, state, code] of [
    ['connected', 'connected', undefined],
    ['connecting', 'verification_required', 'worker_lost'],
    ['gone', 'failed', 'challenge_expired'],
  ] as const) {
    test(`a code whose check was cut off leads to ${state} where the account is ${found}`, async () => {
      const owner = await addIdentity(ctx.store);
      const connector = createScriptedConnector();
      connector.start = async () => ASKED;
      connector.submitCode = () => never;
      const store = cuttable(ctx.store);
      const first = bench(store, { connector });
      const { id } = await first.service.startLogin(owner, ADA);
      await untilState(first, owner, id, 'verification_required');
      const answer = first.service.submitCode(owner, id, '123456');
      await until('verifying', async () => (await recordOf(owner, id)).state === 'verifying');
      await clock.advance(2_000);
      assert.is((await answer).state, 'verifying');
      store.cut();
      const next = createScriptedConnector();
      next.state = found;
      const second = bench(ctx.store, { connector: next });
      second.service.start();
      await clock.advance(LEASE_MS + 6_000);
      const after = await untilState(second, owner, id, state);
      assert.is(after.error?.code, code);
      if (state === 'verification_required') assert.is(after.challenge?.attemptsLeft, 4);
      assert.equal(next.calls[0], 'check account-1');
    });
  }

  test('an end that the identity does not show yet is carried over by the next process', async () => {
    const owner = await addIdentity(ctx.store);
    const store = cuttable(ctx.store);
    const first = bench(store, { connector: { ...createScriptedConnector(), start: async () => CONNECTED } });
    store.cutAfter(
      (name, body) => name === 'linkedin_sessions' && (body as SessionRecord).state === 'connected',
    );
    const { id } = await first.service.startLogin(owner, ADA);
    await until('the end', async () => (await recordOf(owner, id)).state === 'connected');
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connecting');
    const left = await ctx.store.find(sealedSecrets, { tenant: TENANT, limit: 100 });
    assert.is(left.filter(({ body }) => body.sessionId === id).length, 1);
    const second = bench(ctx.store, { connector: createScriptedConnector() });
    second.service.start();
    await clock.advance(11_000);
    await until('settled', async () => (await recordOf(owner, id)).settlement === 'done');
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
    const now = await ctx.store.find(sealedSecrets, { tenant: TENANT, limit: 100 });
    assert.is(now.filter(({ body }) => body.sessionId === id).length, 0);
  });

  test('a reader sees the end carried over without waiting for a sweep', async () => {
    const owner = await addIdentity(ctx.store);
    const store = cuttable(ctx.store);
    const first = bench(store, { connector: createScriptedConnector() });
    store.cutAfter(
      (name, body) => name === 'linkedin_sessions' && (body as SessionRecord).state === 'connected',
    );
    const { id } = await first.service.startLogin(owner, ADA);
    await until('the end', async () => (await recordOf(owner, id)).state === 'connected');
    const second = bench(ctx.store, { connector: createScriptedConnector() });
    assert.is((await second.service.getConnection(owner)).connection.status, 'connected');
    assert.is((await second.service.startLogin(owner, {})).state, 'queued');
  });

  test('a login that was cut off before its identity showed it goes on', async () => {
    const owner = await addIdentity(ctx.store);
    const store = cuttable(ctx.store);
    const first = bench(store);
    store.cutAfter((name) => name === 'linkedin_sessions');
    await first.service.startLogin(owner, ADA).catch(() => undefined);
    assert.is((await identityOf(ctx.store, owner)).linkedin.sessionId, null);
    const second = bench(ctx.store);
    second.service.start();
    await until('connected', async () => {
      await clock.advance(10);
      return (await identityOf(ctx.store, owner)).linkedin.status === 'connected';
    });
  });

  test('a login of an identity that was deleted meanwhile is not begun', async () => {
    const owner = await addIdentity(ctx.store);
    const store = cuttable(ctx.store);
    const connector = createScriptedConnector();
    const begun: string[] = [];
    connector.start = async ({ identityId }) => {
      begun.push(identityId);
      return CONNECTED;
    };
    const first = bench(store, { connector });
    store.cutAfter((name) => name === 'linkedin_sessions');
    await first.service.startLogin(owner, ADA).catch(() => undefined);
    await markDeleted(ctx.store, owner);
    const second = bench(ctx.store, { connector });
    second.service.start();
    const query = { tenant: TENANT, where: [{ field: 'identityId', equals: owner.identityId }], limit: 1 };
    await until('cancelled', async () => {
      await clock.advance(10);
      return (await ctx.store.find(linkedinSessions, query))[0]?.body.state === 'cancelled';
    });
    assert.not.ok(begun.includes(owner.identityId));
  });

  test('a deletion that was cut off is finished by the next process', async () => {
    const owner = await addIdentity(ctx.store);
    const key = { tenant: owner.tenant, id: owner.identityId };
    const first = bench(ctx.store, { connector: createScriptedConnector() });
    const { id } = await first.service.startLogin(owner, ADA);
    await untilState(first, owner, id, 'connected');
    await markDeleted(ctx.store, owner);
    await first.service.close();
    const connector = createScriptedConnector();
    const second = bench(ctx.store, { connector });
    second.service.start();
    await until('gone', async () => (await ctx.store.get(identities, key)) === undefined);
    assert.ok(connector.calls.includes('disconnect account-1'));
  });
});
