import * as assert from 'uvu/assert';
import type { FacetError } from '../../src/domain/errors.js';
import { attempts, createAttemptLimit } from '../../src/services/credential/attempts.js';
import { EVERY_TENANT } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';

const WINDOW_MS = 15 * 60_000;

forEachStore('attempts to sign in', [attempts as never], (test, ctx) => {
  let time = 1_000_000_000;
  const limit = (store = ctx.store) => createAttemptLimit({ store, now: () => time });
  const tried = (name: string, tenant = 't') => ({ tenant, what: ['password', name], most: 3 });
  const outcome = (call: Promise<void>) =>
    call.then(
      () => 'let in',
      (error: FacetError) => error.reason,
    );

  test('no more than so many within a quarter of an hour, and again after it', async () => {
    const { begin } = limit();
    const all = [];
    for (let n = 0; n < 4; n++) all.push(await outcome(begin(tried('one'), {})));
    assert.equal(all, ['let in', 'let in', 'let in', 'TOO_MANY_ATTEMPTS']);
    time += WINDOW_MS - 60_000;
    await begin(tried('one'), {}).then(
      () => assert.unreachable(),
      (error: FacetError) => {
        assert.is(error.code, 'RESOURCE_EXHAUSTED');
        assert.is(error.retryAfterMs, 60_000);
      },
    );
    time += 60_000;
    assert.is(await outcome(begin(tried('one'), {})), 'let in');
  });

  test('of 40 at once in two processes, no more are let in', async () => {
    const other = ctx.another();
    await other.open([attempts as never]);
    const limits = [limit(), limit(other)];
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => outcome(limits[n % 2]!.begin(tried('raced'), {}))),
    );
    assert.is(all.filter((each) => each === 'let in').length, 3);
    assert.is(all.filter((each) => each === 'TOO_MANY_ATTEMPTS').length, 37);
  });

  test('success forgets them; other names and tenants count for themselves', async () => {
    const { begin, succeeded } = limit();
    for (let n = 0; n < 3; n++) await begin(tried('forgotten'), {});
    assert.is(await outcome(begin(tried('forgotten'), {})), 'TOO_MANY_ATTEMPTS');
    assert.is(await outcome(begin(tried('another'), {})), 'let in');
    assert.is(await outcome(begin(tried('forgotten', 'u'), {})), 'let in');
    await succeeded(tried('forgotten'), {});
    assert.is(await outcome(begin(tried('forgotten'), {})), 'let in');
  });

  test('what has lapsed is swept, and no name is stored', async () => {
    const { begin, sweep } = limit();
    await begin(tried('swept@example.com'), {});
    const kept = () => ctx.store.find(attempts, { tenant: EVERY_TENANT, limit: 100 });
    assert.not.match(JSON.stringify(await kept()), 'swept@example.com');
    time += WINDOW_MS - 1;
    await begin(tried('fresh'), {});
    time += 2;
    await sweep({});
    assert.equal(
      (await kept()).map(({ body }) => body.until),
      [time - 2 + WINDOW_MS],
    );
  });
});
