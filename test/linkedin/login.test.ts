import * as assert from 'uvu/assert';
import { forEachStore } from '../support/stores.js';
import { addIdentity, COLLECTIONS, createBench, identityOf, untilState } from './bench.js';

const CODE = '123456';

forEachStore('linkedin logins', COLLECTIONS, (test, ctx) => {
  test('a login that meets no obstacle connects the identity', async () => {
    const bench = createBench(ctx.store);
    const owner = await addIdentity(ctx.store);
    const started = await bench.service.startLogin(owner, {
      username: 'ok@example.com',
      password: 'pw',
      country: 'de',
    });
    assert.is(started.state, 'queued');
    assert.match(started.id, /^sess_[0-9a-f]{32}$/);
    assert.is(started.profileId, `li_${owner.identityId}`);
    const ended = await untilState(bench, owner, started.id);
    assert.is(ended.state, 'connected');
    const { connection, sessionId } = await bench.service.getConnection(owner);
    assert.is(connection.status, 'connected');
    assert.is(connection.country, 'DE');
    assert.is(connection.stored, true);
    assert.is(sessionId, started.id);
    assert.ok(connection.lastLoginTime);
    await bench.service.close();
  });

  test('a code is asked for, refused when wrong and taken when right', async () => {
    const bench = createBench(ctx.store);
    const owner = await addIdentity(ctx.store);
    const { id } = await bench.service.startLogin(owner, { username: '2fa', password: 'pw' });
    const asked = await untilState(bench, owner, id, 'verification_required');
    assert.is(asked.challenge?.type, 'two_factor');
    assert.is(asked.challenge?.attemptsLeft, 5);
    const refused = await bench.service.submitCode(owner, id, '000000');
    assert.is(refused.state, 'verification_required');
    assert.is(refused.error?.code, 'invalid_code');
    assert.is(refused.challenge?.attemptsLeft, 4);
    const taken = await bench.service.submitCode(owner, id, ` ${CODE} `);
    assert.is(taken.state, 'connected');
    assert.is((await identityOf(ctx.store, owner)).linkedin.status, 'connected');
    await bench.service.close();
  });
});
