import * as assert from 'uvu/assert';
import { authSessions } from '../../src/services/auth-session/collection.js';
import { forEachStore } from '../support/stores.js';
import { COLLECTIONS, createSessionBench, type SessionBench } from './bench.js';

const ROUNDS = 15;

forEachStore('auth sessions at once', COLLECTIONS, (test, context) => {
  let one: SessionBench;
  let other: SessionBench;
  test.before(async () => {
    one = createSessionBench(context.store);
    const store = context.another();
    await store.open(COLLECTIONS);
    other = createSessionBench(store, one.tenant);
  });

  test('a session that was revoked is not brought back by refreshes and second factors', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await one.identity();
      const { token, session } = await one.signIn(id);
      const totp = { method: 'totp', aal: 'aal2' } as const;
      const [revoked] = await Promise.allSettled([
        one.sessions.revoke({ ...one.of(id), sessionId: session.id }, {}),
        ...[one, other, one, other].flatMap((each) => [
          each.sessions.refresh(each.tenant, token, {}),
          each.sessions.raise(each.tenant, token, totp, {}),
        ]),
      ]);
      assert.is(revoked?.status, 'fulfilled');
      assert.not(await other.active(token));
      assert.type((await one.stored(session.id))?.revokedAt, 'string');
    }
  });

  test('no second factor is lost', async () => {
    const { token } = await one.signIn(await one.identity());
    const factors = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? one : other).sessions.raise(one.tenant, token, { method: 'lookup_secret', aal: 'aal2' }, {}),
    );
    await Promise.all(factors);
    const holding = await one.sessions.holding(one.tenant, token, {});
    assert.is(holding?.session.methods.length, 21);
  });

  for (const [what, endIn] of [
    ['put out of use', (bench: SessionBench, id: string) => bench.update(id, { state: 'inactive' })],
    ['deleted', (bench: SessionBench, id: string) => bench.remove(id)],
    [
      'signed out everywhere',
      (bench: SessionBench, id: string) => bench.sessions.revokeAll(bench.of(id), {}, {}),
    ],
  ] as const) {
    test(`of an identity that is ${what} while sessions are opened none holds that was begun before`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const id = await one.identity();
        const { sessionEpoch } = await one.record(id);
        const opening = [one, other, one, other, one].map((bench) =>
          bench.sessions.open(bench.of(id), { method: 'password', aal: 'aal1' }, sessionEpoch, {}),
        );
        const [, ...opened] = await Promise.allSettled([endIn(other, id), ...opening]);
        for (const result of opened) {
          if (result.status === 'fulfilled') assert.not(await one.active(result.value.token));
          else assert.instance(result.reason, Error);
        }
        if (what !== 'deleted') continue;
        // Those that saw the identity go have cleared up after themselves, the others were found.
        const where = [{ field: 'identityId', equals: id }];
        assert.is(await context.store.count(authSessions, { tenant: one.tenant, where }), 0);
      }
    });
  }

  test('two sweepers and a sign-out at once come to the same end', async () => {
    const id = await one.identity();
    const opened = await Promise.all(Array.from({ length: 30 }, () => one.signIn(id)));
    await one.update(id, { state: 'inactive' });
    await Promise.all([one.sweep(), other.sweep(), one.sessions.revokeAll(one.of(id), {}, {})]);
    for (const { session } of opened) assert.type((await one.stored(session.id))?.revokedAt, 'string');
    await one.sweep();
    assert.is((await one.record(id)).sessionsEnding, false);
  });

  test('what is opened while all others but one are ended stays', async () => {
    const id = await one.identity();
    const kept = await one.signIn(id);
    const before = await Promise.all(Array.from({ length: 10 }, () => one.signIn(id)));
    await one.sessions.revokeAll(one.of(id), { except: kept.session.id }, {});
    const after = await other.signIn(id);
    for (const { token } of before) assert.not(await other.active(token));
    assert.ok(await one.active(after.token));
    assert.ok(await other.active(kept.token));
  });
});
