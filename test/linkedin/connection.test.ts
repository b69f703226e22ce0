import * as assert from 'uvu/assert';
import { forEachStore } from '../support/stores.js';
import { addIdentity, type Bench, COLLECTIONS, createBench, identityOf, type Owner, until } from './bench.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { refused } from './refused.js';
import { createScriptedConnector, type ScriptedConnector } from './scripted-connector.js';

forEachStore('linkedin connections', COLLECTIONS, (test, ctx) => {
  let clock: FakeClock;
  let connector: ScriptedConnector;
  let made: Bench;
  let owner: Owner;
  test.before.each(async () => {
    clock = createFakeClock();
    connector = createScriptedConnector();
    made = createBench(ctx.store, { clock, connector });
    owner = await addIdentity(ctx.store);
    await connect();
  });
  test.after.each(() => made.service.close());

  async function connect(): Promise<void> {
    const { id } = await made.service.startLogin(owner, { username: 'ada', password: 'pw' });
    await until('connected', async () => {
      await clock.advance(10);
      return (await made.service.getSession(owner, id)).state === 'connected';
    });
    connector.calls.length = 0;
  }

  const status = async () => (await made.service.getConnection(owner)).connection.status;

  test('an account is looked at once in thirty seconds, however many ask', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => made.service.getConnection(owner)));
    assert.equal(connector.calls, ['check account-1']);
    assert.is(new Set(many.map(({ checkedAt }) => checkedAt)).size, 1);
    await clock.advance(29_000);
    await status();
    assert.is(connector.calls.length, 1);
    await clock.advance(1_000);
    await status();
    assert.is(connector.calls.length, 2);
  });

  test('what the look finds is written down', async () => {
    for (const [found, shown] of [
      ['degraded', 'degraded'],
      ['connected', 'connected'],
      ['connecting', 'degraded'],
      ['needs_login', 'needs_login'],
      ['connected', 'connected'],
      ['gone', 'not_connected'],
    ] as const) {
      connector.state = found;
      await clock.advance(30_000);
      assert.is(await status(), shown, found);
      assert.is((await identityOf(ctx.store, owner)).linkedin.status, shown);
    }
    assert.is(await refused(made.service.startLogin(owner, {})), 'CREDENTIALS_REQUIRED');
  });

  test('an account that does not answer is left as it was', async () => {
    connector.state = 'silent';
    assert.is(await status(), 'connected');
  });

  test('a failed login leaves a connection that needs one as it is', async () => {
    connector.state = 'needs_login';
    assert.is(await status(), 'needs_login');
    connector.start = async () => ({
      kind: 'rejected',
      code: 'rate_limited',
      retryable: true,
      message: 'Later.',
    });
    const { id } = await made.service.startLogin(owner, {});
    assert.is(await status(), 'needs_login');
    await until('failed', async () => (await made.service.getSession(owner, id)).state === 'failed');
    const { connection } = await made.service.getConnection(owner);
    assert.is(connection.status, 'needs_login');
    assert.is(connection.lastError?.message, 'Later.');
  });

  test('a login that leads to another account has the former one forgotten', async () => {
    connector.start = async () => ({ kind: 'connected', ref: 'account-2', profileId: 'p' });
    const { id } = await made.service.startLogin(owner, { username: 'bob', password: 'pw' });
    await until('connected', async () => (await made.service.getSession(owner, id)).state === 'connected');
    await until('forgotten', async () => connector.calls.includes('disconnect account-1'));
    assert.is((await identityOf(ctx.store, owner)).linkedin.ref, 'account-2');
  });

  test('disconnecting says so when LinkedIn does not answer, and can be asked again', async () => {
    const forget = connector.disconnect;
    connector.disconnect = async () => {
      throw new Error('no answer');
    };
    assert.is(await refused(made.service.disconnect(owner)), 'CONNECTOR_UNAVAILABLE');
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
    connector.disconnect = forget;
    assert.is((await made.service.disconnect(owner)).status, 'not_connected');
    assert.equal(connector.calls, ['disconnect account-1']);
  });
});
