import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import * as assert from 'uvu/assert';
import { authSessions } from '../../src/services/auth-session/collection.js';
import { forEachStore } from '../support/stores.js';
import { COLLECTIONS, createSessionBench, DAY_MS, HOUR_MS, type SessionBench } from './bench.js';
import { refusedFor } from './refused-for.js';

const TOTP = { method: 'totp', aal: 'aal2' } as const;

forEachStore('auth sessions', COLLECTIONS, (test, context) => {
  let bench: SessionBench;
  test.before.each(() => {
    bench = createSessionBench(context.store);
  });

  test('a session is opened, looked at by its token and by its id, and is the same', async () => {
    const id = await bench.identity();
    const device = { ipAddress: '192.0.2.1', userAgent: 'Lynx', location: null };
    const { session, token } = await bench.signIn(id, { method: 'oidc', aal: 'aal1', device });
    assert.match(token, /^facet_session_[A-Za-z0-9_-]{43}$/);
    assert.equal([session.identityId, session.active, session.aal], [id, true, 'aal1']);
    const [{ id: deviceId, ...shown }] = session.devices as [(typeof session.devices)[0]];
    assert.equal(shown, device);
    assert.match(deviceId, /^[0-9a-f-]{36}$/);
    const holding = await bench.sessions.holding(bench.tenant, token, {});
    assert.equal(holding?.session, session);
    assert.equal(holding?.record, await bench.record(id));
    assert.equal(await bench.sessions.get({ ...bench.of(id), sessionId: session.id }, {}), session);
  });

  test('the store has the hash of a token and the token nowhere', async () => {
    const { session, token } = await bench.signIn(await bench.identity());
    const hash = createHash('sha256').update(token).digest('hex');
    assert.is((await bench.stored(session.id))?.tokenHash, hash);
    const all = await context.store.find(authSessions, { tenant: bench.tenant, limit: 10 });
    assert.not.match(JSON.stringify(all), token.slice('facet_session_'.length));
    assert.not(await bench.active(hash));
  });

  test('no two sessions share a token, and a token of another tenant is unknown', async () => {
    const id = await bench.identity();
    const opened = await Promise.all(Array.from({ length: 20 }, () => bench.signIn(id)));
    assert.is(new Set(opened.map(({ token }) => token)).size, 20);
    const { token } = opened[0]!;
    const foreign = createSessionBench(context.store);
    assert.not(await foreign.active(token));
    await refusedFor(foreign.sessions.refresh(foreign.tenant, token, {}), 'SESSION_NOT_FOUND');
    await refusedFor(foreign.sessions.raise(foreign.tenant, token, TOTP, {}), 'SESSION_NOT_FOUND');
    assert.ok(await bench.active(token));
  });

  for (const [what, token] of [
    ['nothing', ''],
    ['garbage', 'x'],
    ['an unknown one', `facet_session_${'A'.repeat(43)}`],
    ['NUL', '\0'],
    ['a lone surrogate', '\ud800'],
  ] as const) {
    test(`${what} is no token`, async () => {
      assert.not(await bench.active(token));
      await refusedFor(bench.sessions.refresh(bench.tenant, token, {}), 'SESSION_NOT_FOUND');
    });
  }

  test('a session expires; refreshed in time it goes on, with the same token', async () => {
    const { token, session } = await bench.signIn(await bench.identity());
    bench.forward(23 * HOUR_MS);
    const later = await bench.sessions.refresh(bench.tenant, token, {});
    assert.ok(Date.parse(later.expiresAt) >= Date.parse(session.expiresAt) + 23 * HOUR_MS);
    bench.forward(23 * HOUR_MS);
    assert.ok(await bench.active(token));
    bench.forward(HOUR_MS);
    assert.not(await bench.active(token));
    await refusedFor(bench.sessions.refresh(bench.tenant, token, {}), 'SESSION_NOT_FOUND');
  });

  test('30 days after it began a session ends, however often it was refreshed', async () => {
    const { token } = await bench.signIn(await bench.identity());
    for (let day = 0; day < 30; day += 0.5) {
      assert.ok(await bench.active(token), `on day ${day}`);
      await bench.sessions.refresh(bench.tenant, token, {});
      bench.forward(DAY_MS / 2);
    }
    assert.not(await bench.active(token));
  });

  test('a second factor raises the session', async () => {
    const { token, session } = await bench.signIn(await bench.identity());
    bench.forward(1000);
    const raised = await bench.sessions.raise(bench.tenant, token, TOTP, {});
    assert.is(raised.aal, 'aal2');
    assert.equal(
      raised.methods.map(({ method, aal }) => [method, aal]),
      [
        ['password', 'aal1'],
        ['totp', 'aal2'],
      ],
    );
    assert.ok(raised.authenticatedAt > session.authenticatedAt);
    assert.equal([raised.issuedAt, raised.expiresAt], [session.issuedAt, session.expiresAt]);
    assert.equal((await bench.sessions.holding(bench.tenant, token, {}))?.session, raised);
  });

  test('an identity that is not in use, or is none, gets no session, and none is left behind', async () => {
    const idle = await bench.identity({ state: 'inactive' });
    await refusedFor(bench.signIn(idle), 'IDENTITY_INACTIVE');
    await refusedFor(bench.signIn(uuidv7()), 'IDENTITY_NOT_FOUND');
    assert.is(await context.store.count(authSessions, { tenant: bench.tenant }), 0);
  });

  test('a sign-in that was checked before the sessions were ended opens none', async () => {
    const id = await bench.identity();
    const open = (epoch: number) =>
      bench.sessions.open(bench.of(id), { method: 'password', aal: 'aal1' }, epoch, {});
    const { sessionEpoch } = await bench.record(id);
    await bench.sessions.revokeAll(bench.of(id), {}, {});
    await refusedFor(open(sessionEpoch), 'SESSION_CLOSED');
    await bench.update(id, { state: 'inactive' });
    await refusedFor(open((await bench.record(id)).sessionEpoch), 'IDENTITY_INACTIVE');
    await bench.remove(id);
    await refusedFor(open(sessionEpoch), 'IDENTITY_NOT_FOUND');
    assert.is(await context.store.count(authSessions, { tenant: bench.tenant }), 0);
  });

  test('a session is found under its own identity only', async () => {
    const [one, other] = [await bench.identity(), await bench.identity()];
    const { session, token } = await bench.signIn(one);
    const wrong = { ...bench.of(other), sessionId: session.id };
    await refusedFor(bench.sessions.get(wrong, {}), 'SESSION_NOT_FOUND');
    await refusedFor(bench.sessions.revoke(wrong, {}), 'SESSION_NOT_FOUND');
    await refusedFor(
      bench.sessions.revokeAll(bench.of(other), { except: session.id }, {}),
      'SESSION_NOT_FOUND',
    );
    assert.ok(await bench.active(token));
  });

  test('whatever is asked of an unknown identity, it is not found', async () => {
    const { sessions } = bench;
    const unknown = { ...bench.of(uuidv7()), sessionId: uuidv7() };
    await refusedFor(sessions.list(unknown, { limit: 10 }, {}), 'IDENTITY_NOT_FOUND');
    await refusedFor(sessions.get(unknown, {}), 'IDENTITY_NOT_FOUND');
    await refusedFor(sessions.revoke(unknown, {}), 'IDENTITY_NOT_FOUND');
    await refusedFor(sessions.revokeAll(unknown, {}, {}), 'IDENTITY_NOT_FOUND');
    await refusedFor(sessions.revokeAll(unknown, { except: uuidv7() }, {}), 'IDENTITY_NOT_FOUND');
  });
});
