import * as assert from 'uvu/assert';
import { createSimulatedConnector } from '../../src/connectors/simulated.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import type { LinkedInServiceOptions } from '../../src/services/linkedin/linkedin-service.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  identityOf,
  type Owner,
  TENANT,
  until,
} from './bench.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { refused } from './refused.js';

const DAY_MS = 24 * 3_600_000;

forEachStore('deadlines of linkedin logins', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  let clock: FakeClock;
  test.before.each(() => {
    clock = createFakeClock();
  });
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  function bench(options: Partial<LinkedInServiceOptions> = {}): Bench {
    const made = createBench(ctx.store, { clock, ...options });
    benches.push(made);
    return made;
  }

  /** The state in the store, which no reader has touched. */
  async function stored(id: string): Promise<string | undefined> {
    const found = await ctx.store.get(linkedinSessions, { tenant: TENANT, id });
    return (
      found && (found.body.error === null ? found.body.state : `${found.body.state} ${found.body.error.code}`)
    );
  }

  async function asked(made: Bench, owner: Owner, seconds: number): Promise<string> {
    const request = { username: '2fa', password: 'pw', maxVerificationWaitSeconds: seconds };
    const { id } = await made.service.startLogin(owner, request);
    await until('asked', async () => {
      await clock.advance(10);
      return (await stored(id)) === 'verification_required';
    });
    return id;
  }

  async function msLeft(made: Bench, owner: Owner, id: string): Promise<number> {
    return Date.parse((await made.service.getSession(owner, id)).expireTime!) - clock.now();
  }

  test('a login that no worker takes up expires after its wait, in whichever process', async () => {
    const owner = await addIdentity(ctx.store);
    const first = bench({ connector: 'worker' });
    const { id } = await first.service.startLogin(owner, {
      username: 'ada',
      password: 'pw',
      maxVerificationWaitSeconds: 45.5,
    });
    await first.service.close();
    bench({ connector: 'worker' }).service.start();
    await clock.advance(44_500);
    assert.is(await stored(id), 'queued');
    await clock.advance(1_000);
    await until('expired', async () => (await stored(id)) === 'expired no_worker');
    await until('the secrets are gone', async () => {
      const left = await ctx.store.find(sealedSecrets, { tenant: TENANT, limit: 100 });
      return left.every(({ body }) => body.sessionId !== id);
    });
    const connection = async () => (await identityOf(ctx.store, owner)).linkedin;
    await until('shown', async () => (await connection()).lastError?.code === 'no_worker');
    assert.is((await connection()).status, 'not_connected');
  });

  test('a verification that nobody completes expires within a second of its deadline', async () => {
    const owner = await addIdentity(ctx.store);
    const made = bench();
    made.service.start();
    const id = await asked(made, owner, 60);
    await clock.advance((await msLeft(made, owner, id)) - 1_000);
    assert.is(await stored(id), 'verification_required');
    await clock.advance(2_000);
    await until('expired', async () => (await stored(id)) === 'expired verification_timeout');
  });

  test('where LinkedIn waits less long, its deadline counts', async () => {
    const owner = await addIdentity(ctx.store);
    const connector = createSimulatedConnector({ now: clock.now, stepMs: 5, intentTtlMs: 40_000 });
    const made = bench({ connector });
    made.service.start();
    const id = await asked(made, owner, 600);
    const left = await msLeft(made, owner, id);
    assert.ok(left > 39_000 && left <= 40_000, `${left} ms`);
    await clock.advance(41_000);
    await until('expired', async () => (await stored(id)) === 'expired verification_timeout');
  });

  test('the wait is ten minutes where none is named', async () => {
    const owner = await addIdentity(ctx.store);
    const made = bench({ connector: 'worker' });
    const { createTime, expireTime } = await made.service.startLogin(owner, {
      username: 'ada',
      password: 'pw',
    });
    assert.is(Date.parse(expireTime!) - Date.parse(createTime), 600_000);
  });

  test('a reader never sees a session open beyond its deadline, sweep or none', async () => {
    const owner = await addIdentity(ctx.store);
    const made = bench();
    const id = await asked(made, owner, 60);
    await clock.jump(await msLeft(made, owner, id));
    assert.is(await refused(made.service.submitCode(owner, id, '123456')), 'SESSION_CLOSED');
    assert.is((await made.service.getSession(owner, id)).state, 'expired');
    assert.is((await made.service.startLogin(owner, { username: 'other', password: 'pw' })).state, 'queued');
  });

  test('an ended session can be read for a day, then it goes', async () => {
    const owner = await addIdentity(ctx.store);
    const made = bench();
    const { id } = await made.service.startLogin(owner, { username: 'ada', password: 'pw' });
    await made.service.cancel(owner, id);
    made.service.start();
    await clock.jump(DAY_MS - 11_000);
    assert.is((await made.service.getSession(owner, id)).state, 'cancelled');
    await clock.advance(20_000);
    await until('removed', async () => (await stored(id)) === undefined);
    assert.is(await refused(made.service.getSession(owner, id)), 'SESSION_NOT_FOUND');
  });

  test('a login that hangs in the connector fails once its wait is over', async () => {
    const owner = await addIdentity(ctx.store);
    const connector = createSimulatedConnector({ now: clock.now, stepMs: 3_600_000 });
    const made = bench({ connector });
    made.service.start();
    const request = { username: 'ok', password: 'pw', maxVerificationWaitSeconds: 60 };
    const { id } = await made.service.startLogin(owner, request);
    await clock.advance(59_000);
    assert.is(await stored(id), 'connecting');
    await clock.advance(2_500);
    await until('failed', async () => (await stored(id)) === 'failed provider_unavailable');
  });
});
