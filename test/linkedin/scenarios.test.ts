import * as assert from 'uvu/assert';
import type { SessionState } from '../../src/domain/linkedin/session.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  identityOf,
  type Owner,
  until,
  untilState,
} from './bench.js';
import { createFakeClock } from './fake-clock.js';
import { refused } from './refused.js';

const CODE = '123456';

interface Begun {
  readonly owner: Owner;
  readonly id: string;
}

forEachStore('simulated logins', COLLECTIONS, (test, ctx) => {
  let bench: Bench;
  test.before.each(() => {
    bench = createBench(ctx.store);
  });
  test.after.each(() => bench.service.close());

  async function begin(username: string): Promise<Begun> {
    const owner = await addIdentity(ctx.store);
    const { id } = await bench.service.startLogin(owner, { username, password: 'pw' });
    return { owner, id };
  }

  async function endOf(username: string): Promise<string> {
    const { owner, id } = await begin(username);
    const { state, error } = await untilState(bench, owner, id);
    return error === null ? state : `${state} ${error.code}`;
  }

  test('a login shows in the connection, with its slot, its country and its time', async () => {
    const owner = await addIdentity(ctx.store);
    const request = { username: 'ok@example.com', password: 'pw', country: 'de' };
    const started = await bench.service.startLogin(owner, request);
    assert.is(started.state, 'queued');
    assert.match(started.id, /^sess_[0-9a-f]{32}$/);
    assert.is(started.profileId, `li_${owner.identityId}`);
    await untilState(bench, owner, started.id, 'connected');
    const { connection, sessionId } = await bench.service.getConnection(owner);
    assert.equal([connection.status, connection.country, connection.stored], ['connected', 'DE', true]);
    assert.is(sessionId, started.id);
    assert.ok(connection.lastLoginTime);
  });

  test('a code is refused when wrong and taken when right, blanks around it or not', async () => {
    const { owner, id } = await begin('2fa');
    const asked = await untilState(bench, owner, id, 'verification_required');
    assert.equal([asked.challenge?.type, asked.challenge?.attemptsLeft], ['two_factor', 5]);
    const wrong = await bench.service.submitCode(owner, id, '000000');
    assert.equal([wrong.state, wrong.error?.code], ['verification_required', 'invalid_code']);
    assert.is(wrong.challenge?.attemptsLeft, 4);
    assert.is((await bench.service.submitCode(owner, id, ` ${CODE} `)).state, 'connected');
  });

  test('ok connects, and so does any username that names no scenario', async () => {
    for (const username of [
      'ok',
      'ok@example.com',
      'ada.lovelace@example.com',
      '+4915112345678',
      'constructor',
    ]) {
      assert.is(await endOf(username), 'connected', username);
    }
  });

  test('the scenario ends at the first @, +, - or .', async () => {
    for (const end of ['@x.org', '+1@x.org', '-1', '.x@x.org']) {
      assert.is(await endOf(`badpass${end}`), 'failed invalid_credentials', end);
    }
  });

  test('badpass, captcha and restricted fail with their reason', async () => {
    assert.is(await endOf('badpass'), 'failed invalid_credentials');
    assert.is(await endOf('captcha'), 'failed captcha_required');
    assert.is(await endOf('restricted'), 'failed account_restricted');
  });

  test('a first login that fails leaves the identity unconnected and says why', async () => {
    const { owner, id } = await begin('badpass');
    await untilState(bench, owner, id);
    const { linkedin } = await identityOf(ctx.store, owner);
    assert.is(linkedin.status, 'not_connected');
    assert.is(linkedin.lastError?.code, 'invalid_credentials');
    assert.is(linkedin.stored, false);
    assert.is(linkedin.profileId, `li_${owner.identityId}`);
  });

  test('flaky fails once, then connects', async () => {
    const { owner, id } = await begin('flaky');
    const failed = await untilState(bench, owner, id);
    assert.is(failed.error?.code, 'provider_unavailable');
    assert.is(failed.error?.retryable, true);
    const again = await bench.service.startLogin(owner, { username: 'flaky', password: 'pw' });
    assert.is((await untilState(bench, owner, again.id)).state, 'connected');
    assert.is((await identityOf(ctx.store, owner)).linkedin.lastError, null);
  });

  test('otp asks for a code by text message', async () => {
    const { owner, id } = await begin('otp');
    const { challenge } = await untilState(bench, owner, id, 'verification_required');
    assert.is(challenge?.type, 'otp');
    assert.is(challenge?.channel, 'sms');
    assert.is((await bench.service.submitCode(owner, id, CODE)).state, 'connected');
  });

  test('chained asks for a second code after the first', async () => {
    const { owner, id } = await begin('chained');
    await untilState(bench, owner, id, 'verification_required');
    const second = await bench.service.submitCode(owner, id, CODE);
    assert.is(second.state, 'verification_required');
    assert.is(second.challenge?.type, 'otp');
    assert.is((await bench.service.submitCode(owner, id, CODE)).state, 'connected');
  });

  test('five wrong codes fail the login', async () => {
    const { owner, id } = await begin('2fa');
    await untilState(bench, owner, id, 'verification_required');
    for (let left = 4; left >= 1; left--) {
      const { challenge } = await bench.service.submitCode(owner, id, 'wrong');
      assert.is(challenge?.attemptsLeft, left);
    }
    const ended = await bench.service.submitCode(owner, id, 'wrong');
    assert.is(ended.state, 'failed');
    assert.is(ended.error?.code, 'too_many_attempts');
    assert.is(await refused(bench.service.submitCode(owner, id, CODE)), 'SESSION_CLOSED');
  });

  /** How long the login takes from one state to the other, on a clock that only the test moves. */
  async function timed(
    username: string,
    from: SessionState,
    meanwhile = async (_: Begun) => {},
  ): Promise<number> {
    const clock = createFakeClock();
    await bench.service.close();
    bench = createBench(ctx.store, { clock });
    const begun = await begin(username);
    const at = (state: SessionState) =>
      until(state, async () => {
        const session = await bench.service.getSession(begun.owner, begun.id);
        if (session.state !== state) await clock.advance(100);
        return session.state === state && clock.now();
      });
    const since = await at(from);
    await meanwhile(begun);
    return (await at('connected')) - since;
  }

  test('inapp takes no code and connects after three seconds', async () => {
    const took = await timed('inapp', 'verification_required', async ({ owner, id }) => {
      assert.is((await bench.service.getSession(owner, id)).challenge?.needsCode, false);
      assert.is(await refused(bench.service.submitCode(owner, id, CODE)), 'CODE_NOT_EXPECTED');
      assert.is(await refused(bench.service.resendCode(owner, id)), 'CODE_NOT_EXPECTED');
    });
    assert.ok(took >= 2_900 && took <= 3_500, `${took} ms`);
  });

  test('slow takes five seconds', async () => {
    const took = await timed('slow', 'connecting');
    assert.ok(took >= 4_900 && took <= 5_500, `${took} ms`);
  });

  test('a code sent again is a new challenge with the old deadline', async () => {
    const { owner, id } = await begin('2fa');
    const asked = await untilState(bench, owner, id, 'verification_required');
    const again = await bench.service.resendCode(owner, id);
    assert.is(again.sequence, asked.sequence + 1);
    assert.is(again.expireTime, asked.expireTime);
    for (let time = 1; time < 5; time++) await bench.service.resendCode(owner, id);
    assert.is(await refused(bench.service.resendCode(owner, id)), 'NO_RESENDS_LEFT');
    assert.is((await bench.service.submitCode(owner, id, CODE)).state, 'connected');
  });

  test('a connected identity logs in again without credentials and is not asked for a code', async () => {
    const { owner, id } = await begin('2fa');
    await untilState(bench, owner, id, 'verification_required');
    await bench.service.submitCode(owner, id, CODE);
    const again = await bench.service.startLogin(owner, {});
    assert.not.equal(again.id, id);
    assert.is((await untilState(bench, owner, again.id)).state, 'connected');
  });

  test('a failed login does not take a live connection away', async () => {
    const { owner, id } = await begin('ok');
    await untilState(bench, owner, id);
    const again = await bench.service.startLogin(owner, { username: 'badpass', password: 'pw' });
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
    await untilState(bench, owner, again.id, 'failed');
    const { linkedin } = await identityOf(ctx.store, owner);
    assert.is(linkedin.status, 'connected');
    assert.is(linkedin.lastError?.code, 'invalid_credentials');
    assert.is(linkedin.stored, true);
  });

  test('cancelling ends the login, and the identity is as before', async () => {
    const { owner, id } = await begin('2fa');
    await untilState(bench, owner, id, 'verification_required');
    assert.is((await bench.service.cancel(owner, id)).state, 'cancelled');
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'not_connected');
    assert.is(await refused(bench.service.cancel(owner, id)), 'SESSION_CLOSED');
    assert.is(await refused(bench.service.submitCode(owner, id, CODE)), 'SESSION_CLOSED');
  });

  test('disconnecting calls an open login off and forgets the account, but not the slot', async () => {
    const { owner, id } = await begin('ok');
    await untilState(bench, owner, id);
    const open = await bench.service.startLogin(owner, { username: '2fa', password: 'pw' });
    const connection = await bench.service.disconnect(owner);
    assert.is(connection.status, 'not_connected');
    assert.is(connection.profileId, `li_${owner.identityId}`);
    assert.equal([connection.ref, connection.stored], [null, false]);
    assert.is((await bench.service.getSession(owner, open.id)).state, 'cancelled');
    assert.is(await refused(bench.service.startLogin(owner, {})), 'CREDENTIALS_REQUIRED');
    assert.is((await bench.service.disconnect(owner)).status, 'not_connected');
  });

  test('an identity that never logged in is not connected', async () => {
    const owner = await addIdentity(ctx.store);
    const { connection, sessionId, checkedAt } = await bench.service.getConnection(owner);
    assert.is(connection.status, 'not_connected');
    assert.is(sessionId, null);
    assert.ok(Date.parse(checkedAt));
  });

  test('the settled connection shows as soon as the session has ended', async () => {
    for (let time = 0; time < 10; time++) {
      const { owner, id } = await begin('ok');
      await untilState(bench, owner, id, 'connected');
      assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
    }
  });

  test('nothing is left open once all have ended', async () => {
    await until('all timers gone', async () => bench.service.held().timers === 0);
    assert.equal(bench.service.held(), { watchers: 0, timers: 0 });
  });
});
