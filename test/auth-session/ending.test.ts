import * as assert from 'uvu/assert';
import { authSessions } from '../../src/services/auth-session/collection.js';
import { cuttable } from '../linkedin/cuttable-store.js';
import { forEachStore } from '../support/stores.js';
import { warningsDuring } from '../support/warnings.js';
import { COLLECTIONS, createSessionBench, DAY_MS, HOUR_MS, type SessionBench } from './bench.js';
import { refusedFor } from './refused-for.js';

forEachStore('the end of auth sessions', COLLECTIONS, (test, context) => {
  let bench: SessionBench;
  test.before.each(() => {
    bench = createSessionBench(context.store);
  });
  const count = () => context.store.count(authSessions, { tenant: bench.tenant });

  test('a session is revoked once, and others are not', async () => {
    const id = await bench.identity();
    const [one, other] = [await bench.signIn(id), await bench.signIn(id)];
    const key = { ...bench.of(id), sessionId: one.session.id };
    await bench.sessions.revoke(key, {});
    const { revokedAt } = (await bench.stored(one.session.id))!;
    bench.forward(HOUR_MS);
    await bench.sessions.revoke(key, {});
    assert.is((await bench.stored(one.session.id))!.revokedAt, revokedAt);
    assert.equal([await bench.active(one.token), await bench.active(other.token)], [false, true]);
    assert.is((await bench.sessions.get(key, {})).active, false);
    await refusedFor(bench.sessions.refresh(bench.tenant, one.token, {}), 'SESSION_NOT_FOUND');
  });

  test('all sessions are revoked at once, and new ones can be opened', async () => {
    const [id, bystander] = [await bench.identity(), await bench.identity()];
    const opened = [await bench.signIn(id), await bench.signIn(id), await bench.signIn(id)];
    const untouched = await bench.signIn(bystander);
    await bench.sessions.revoke({ ...bench.of(id), sessionId: opened[0]!.session.id }, {});
    const { version } = await bench.record(id);
    assert.is(await bench.sessions.revokeAll(bench.of(id), {}, {}), 2);
    for (const { token } of opened) assert.not(await bench.active(token));
    assert.is(await bench.sessions.revokeAll(bench.of(id), {}, {}), 0);
    const record = await bench.record(id);
    assert.equal([record.version, record.sessionsEnding], [version, false], 'nothing that a client sees');
    assert.ok(await bench.active((await bench.signIn(id)).token));
    assert.ok(await bench.active(untouched.token));
  });

  test('all sessions but one are revoked', async () => {
    const id = await bench.identity();
    const opened = await bench.signInOften(id, 250);
    const kept = opened[7]!;
    const but = { except: kept.session.id };
    assert.is(await bench.sessions.revokeAll(bench.of(id), but, {}), 249);
    assert.equal(await bench.listed(id, true), [kept.session.id]);
    assert.is(await bench.sessions.revokeAll(bench.of(id), but, {}), 0);
    assert.ok(await bench.active(kept.token));
  });

  test('an identity that is put out of use has no session any more, and after its return neither', async () => {
    const id = await bench.identity();
    const { token, session } = await bench.signIn(id);
    await bench.update(id, { state: 'inactive' });
    assert.not(await bench.active(token));
    await refusedFor(bench.sessions.refresh(bench.tenant, token, {}), 'SESSION_NOT_FOUND');
    assert.is((await bench.sessions.get({ ...bench.of(id), sessionId: session.id }, {})).active, false);
    assert.is(await bench.sessions.revokeAll(bench.of(id), {}, {}), 0);
    await bench.update(id, { state: 'active' });
    assert.not(await bench.active(token));
  });

  test('other changes of an identity leave its sessions alone', async () => {
    const id = await bench.identity();
    const { token } = await bench.signIn(id);
    await bench.update(id, { givenName: 'Grace', state: 'active' });
    assert.ok(await bench.active(token));
  });

  test('a deleted identity leaves no session behind', async () => {
    const id = await bench.identity();
    const opened = [await bench.signIn(id), await bench.signIn(id)];
    await bench.remove(id);
    for (const { token } of opened) assert.not(await bench.active(token));
    assert.is(await count(), 0);
  });

  test('an identity that was merged into another one is signed in no more, the other one is', async () => {
    const [target, source] = [await bench.identity(), await bench.identity()];
    const [one, other] = [await bench.signIn(target), await bench.signIn(source)];
    const etags = { precondition: undefined, sourcePrecondition: undefined };
    await bench.records.merge({ tenant: bench.tenant, target, source, ...etags }, {});
    assert.equal([await bench.active(one.token), await bench.active(other.token)], [true, false]);
    assert.equal(await bench.listed(source), [one.session.id]);
    const { session } = await bench.signIn(source);
    assert.is(session.identityId, target);
  });

  test('the sweeper marks what ended with its identity, once', async () => {
    const id = await bench.identity();
    const { session } = await bench.signIn(id);
    await bench.update(id, { state: 'inactive' });
    assert.is((await bench.record(id)).sessionsEnding, true);
    await bench.sweep();
    assert.is((await bench.record(id)).sessionsEnding, false);
    const marked = await bench.stored(session.id);
    assert.type(marked?.revokedAt, 'string');
    bench.forward(HOUR_MS);
    await bench.sweep();
    assert.equal(await bench.stored(session.id), marked);
  });

  test('a session is kept for 7 days after its end, and then removed', async () => {
    const id = await bench.identity();
    const [expiring, ending] = [await bench.signIn(id), await bench.signIn(id)];
    await bench.sessions.revoke({ ...bench.of(id), sessionId: ending.session.id }, {});
    bench.forward(7 * DAY_MS - HOUR_MS);
    await bench.sweep();
    assert.is(await count(), 2);
    bench.forward(2 * HOUR_MS);
    await bench.sweep();
    assert.equal(await bench.listed(id), [expiring.session.id]);
    bench.forward(DAY_MS);
    await bench.sweep();
    assert.is(await count(), 0);
  });

  test('more sessions than one sweep looks at are removed all the same', async () => {
    const id = await bench.identity();
    await bench.signInOften(id, 450);
    bench.forward(9 * DAY_MS);
    assert.equal(await warningsDuring(bench.sweep), []);
    assert.is(await count(), 0);
  });

  test('a kill right after the write that ends all sessions leaves none that holds', async () => {
    const id = await bench.identity();
    const { token, session } = await bench.signIn(id);
    const store = cuttable(context.store);
    store.cutAfter((collection) => collection === 'identities');
    const killed = createSessionBench(store, bench.tenant);
    const outcome = await killed.sessions.revokeAll(bench.of(id), {}, {}).catch(() => 'cut');
    assert.is(outcome, 'cut');
    assert.is((await bench.stored(session.id))?.revokedAt, null);
    assert.not(await bench.active(token));
    assert.equal(await bench.listed(id, true), []);
    await bench.sweep();
    assert.type((await bench.stored(session.id))?.revokedAt, 'string');
  });

  test('a kill while a session is opened for an identity that is going leaves nothing that holds', async () => {
    const id = await bench.identity();
    const store = cuttable(context.store);
    store.cutAfter((collection) => collection === 'auth_sessions');
    const killed = createSessionBench(store, bench.tenant);
    assert.is(await killed.signIn(id).catch(() => 'cut'), 'cut');
    const [left] = await bench.listed(id, true);
    assert.type(left, 'string');
    await bench.update(id, { state: 'inactive' });
    assert.equal(await bench.listed(id, true), []);
    bench.forward(9 * DAY_MS);
    await bench.sweep();
    assert.is(await count(), 0);
  });
});
