import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { mergeIdentities } from '../../src/services/identity/merge.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import type { Store } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  markDeleted,
  type Owner,
  TENANT,
  until,
  untilState,
} from './bench.js';
import { createFakeClock } from './fake-clock.js';
import { refused } from './refused.js';
import { createScriptedConnector } from './scripted-connector.js';

const ADA = { username: 'ada', password: 'pw' };

function mergeInto(store: Store, { tenant, identityId: target }: Owner, { identityId: source }: Owner) {
  const context = { store, now: () => new Date(), newId: randomUUID };
  const unconditional = { precondition: undefined, sourcePrecondition: undefined };
  return mergeIdentities(context, { tenant, target, source, ...unconditional }, {});
}

forEachStore('starting logins', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  const bench = (...args: Parameters<typeof createBench> extends [unknown, ...infer Rest] ? Rest : never) => {
    const made = createBench(ctx.store, ...args);
    benches.push(made);
    return made;
  };
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  const sessionsOf = (identityId: string) =>
    ctx.store.find(linkedinSessions, {
      tenant: TENANT,
      where: [{ field: 'identityId', equals: identityId }],
      limit: 100,
    });

  test('fifty equal logins at once make one session', async () => {
    const { service } = bench({ stepMs: 300 });
    const owner = await addIdentity(ctx.store);
    const all = await Promise.all(Array.from({ length: 50 }, () => service.startLogin(owner, ADA)));
    assert.is(new Set(all.map(({ id }) => id)).size, 1);
    assert.is((await sessionsOf(owner.identityId)).length, 1);
  });

  test('equal logins through two processes make one session', async () => {
    const elsewhere = ctx.another();
    await elsewhere.open(COLLECTIONS);
    const one = bench({ stepMs: 300 });
    const two = createBench(elsewhere, { stepMs: 300 });
    benches.push(two);
    for (let round = 0; round < 5; round++) {
      const owner = await addIdentity(ctx.store);
      const starts = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : two).service.startLogin(owner, ADA),
      );
      assert.is(new Set((await Promise.all(starts)).map(({ id }) => id)).size, 1);
      assert.is((await sessionsOf(owner.identityId)).length, 1);
      const secrets = await ctx.store.find(sealedSecrets, { tenant: TENANT, limit: 100 });
      assert.ok(secrets.filter(({ body }) => body.identityId === owner.identityId).length <= 1);
    }
  });

  test('while a login is open the same or none answers it, and another is refused', async () => {
    const { service } = bench({ connector: 'worker' });
    const owner = await addIdentity(ctx.store);
    const { id } = await service.startLogin(owner, ADA);
    assert.is((await service.startLogin(owner, ADA)).id, id);
    assert.is((await service.startLogin(owner, { ...ADA, country: 'FR' })).id, id);
    assert.is((await service.startLogin(owner, {})).id, id);
    assert.is(await refused(service.startLogin(owner, { ...ADA, password: 'other' })), 'LOGIN_IN_PROGRESS');
    assert.is(await refused(service.startLogin(owner, { ...ADA, username: 'bob' })), 'LOGIN_IN_PROGRESS');
  });

  test('under its request key a login answers after its end, and another one is refused', async () => {
    const { service } = bench();
    const owner = await addIdentity(ctx.store);
    const asked = { username: 'badpass', password: 'pw', requestKey: 'key' };
    const { id } = await service.startLogin(owner, asked);
    await untilState({ service }, owner, id, 'failed');
    // Nothing of the password is left to be held against.
    for (const repeated of [asked, { ...asked, password: 'other' }]) {
      const again = await service.startLogin(owner, repeated);
      assert.equal([again.id, again.state], [id, 'failed']);
    }
    const others = [{ username: 'bob' }, { country: 'FR' }, { maxVerificationWaitSeconds: 60 }];
    for (const other of others) {
      assert.is(await refused(service.startLogin(owner, { ...asked, ...other })), 'IDEMPOTENCY_KEY_REUSED');
    }
    const sibling = await addIdentity(ctx.store);
    assert.is(await refused(service.startLogin(sibling, asked)), 'IDEMPOTENCY_KEY_REUSED');
    const foreign = await addIdentity(ctx.store, 'other');
    assert.is.not((await service.startLogin(foreign, asked)).id, id);
    assert.is.not((await service.startLogin(owner, { ...asked, requestKey: 'next' })).id, id);
  });

  test('of different logins that come at once under one request key one is begun, and the others are refused', async () => {
    const { service } = bench({ stepMs: 300 });
    const owner = await addIdentity(ctx.store);
    const asked = ['DE', 'FR', 'IT'].map((country) => ({ ...ADA, country, requestKey: 'at-once' }));
    const starts = await Promise.allSettled(asked.map((login) => service.startLogin(owner, login)));
    assert.equal(
      starts.map((start) => (start.status === 'fulfilled' ? 'begun' : start.reason.reason)),
      ['begun', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED'],
    );
  });

  test('a login whose identity is merged away as it begins, begins under the other one, also with a request key', async () => {
    const [owner, target] = [await addIdentity(ctx.store), await addIdentity(ctx.store)];
    const store: Store = {
      ...ctx.store,
      async insert(collection, ...given) {
        const inserted = await ctx.store.insert(collection, ...given);
        if (collection.name === linkedinSessions.name) await mergeInto(ctx.store, target, owner);
        return inserted;
      },
    };
    const made = createBench(store, { stepMs: 300 });
    benches.push(made);
    const asked = { ...ADA, requestKey: 'merged' };
    const { id, state } = await made.service.startLogin(owner, asked);
    assert.is(state, 'queued');
    const [session] = await sessionsOf(target.identityId);
    assert.is(session?.id, id);
    assert.is((await made.service.startLogin(owner, asked)).id, id);
  });

  test('logins that fail at once, repeated under one key through two processes, are one', async () => {
    const elsewhere = ctx.another();
    await elsewhere.open(COLLECTIONS);
    const one = bench({ stepMs: 0 });
    const two = createBench(elsewhere, { stepMs: 0 });
    benches.push(two);
    for (let round = 0; round < 5; round++) {
      const owner = await addIdentity(ctx.store);
      const asked = { username: 'badpass', password: 'pw', requestKey: `key-${round}` };
      for (let repeat = 0; repeat < 10; repeat++) {
        await Promise.all([one, two].map(({ service }) => service.startLogin(owner, asked)));
      }
      assert.is((await sessionsOf(owner.identityId)).length, 1);
    }
  });

  test('a first login needs both username and password', async () => {
    const { service } = bench();
    const owner = await addIdentity(ctx.store);
    assert.is(await refused(service.startLogin(owner, {})), 'CREDENTIALS_REQUIRED');
    assert.is(await refused(service.startLogin(owner, { username: 'ada' })), 'INVALID_INPUT');
    assert.is(await refused(service.startLogin(owner, { password: 'pw' })), 'INVALID_INPUT');
    assert.is((await sessionsOf(owner.identityId)).length, 0);
  });

  test('without a connector no login starts, and all else can be read', async () => {
    const { service } = bench({ connector: 'none' });
    const owner = await addIdentity(ctx.store);
    assert.is(await refused(service.startLogin(owner, ADA)), 'CONNECTOR_UNAVAILABLE');
    assert.is((await service.getConnection(owner)).connection.status, 'not_connected');
  });

  test('unknown, foreign and deleted identities are not found', async () => {
    const { service } = bench();
    const owner = await addIdentity(ctx.store);
    const gone = await addIdentity(ctx.store);
    await markDeleted(ctx.store, gone);
    for (const key of [{ ...owner, identityId: randomUUID() }, { ...owner, tenant: 'other' }, gone]) {
      assert.is(await refused(service.startLogin(key, ADA)), 'IDENTITY_NOT_FOUND');
      assert.is(await refused(service.getConnection(key)), 'IDENTITY_NOT_FOUND');
      assert.is(await refused(service.disconnect(key)), 'IDENTITY_NOT_FOUND');
    }
    await service.identityDeleted(gone.tenant, gone.identityId);
  });

  test('a session is found under its own identity and tenant only', async () => {
    const { service } = bench({ connector: 'worker' });
    const owner = await addIdentity(ctx.store);
    const other = await addIdentity(ctx.store);
    const foreign = await addIdentity(ctx.store, 'other');
    const { id } = await service.startLogin(owner, ADA);
    for (const key of [other, foreign]) {
      assert.is(await refused(service.getSession(key, id)), 'SESSION_NOT_FOUND');
      assert.is(await refused(service.submitCode(key, id, '1')), 'SESSION_NOT_FOUND');
      assert.is(await refused(service.resendCode(key, id)), 'SESSION_NOT_FOUND');
      assert.is(await refused(service.cancel(key, id)), 'SESSION_NOT_FOUND');
      const watched = service.watch(key, id, undefined);
      assert.is(await refused(watched.next()), 'SESSION_NOT_FOUND');
    }
    assert.is(await refused(service.getSession(owner, 'sess_unknown')), 'SESSION_NOT_FOUND');
    assert.is((await service.getSession(owner, id)).state, 'queued');
  });

  test('five logins an hour, repeats not counted, then a time is named', async () => {
    const clock = createFakeClock();
    const { service } = bench({ connector: 'worker', clock });
    const owner = await addIdentity(ctx.store);
    for (let login = 0; login < 5; login++) {
      const { id } = await service.startLogin(owner, ADA);
      for (let repeat = 0; repeat < 3; repeat++) await service.startLogin(owner, ADA);
      await service.cancel(owner, id);
      await clock.advance(60_000);
    }
    const error = await service.startLogin(owner, ADA).catch((thrown: unknown) => thrown);
    assert.instance(error, FacetError);
    assert.is((error as FacetError).reason, 'TOO_MANY_LOGINS');
    assert.is((error as FacetError).retryAfterMs, 55 * 60_000);
    await clock.jump(55 * 60_000 - 1);
    assert.is(await refused(service.startLogin(owner, ADA)), 'TOO_MANY_LOGINS');
    await clock.jump(1);
    assert.is((await service.startLogin(owner, ADA)).state, 'queued');
  });

  test('no more logins begin at once than there are slots, and the others follow', async () => {
    const connector = createScriptedConnector();
    const open: (() => void)[] = [];
    let most = 0;
    let under = 0;
    connector.start = async () => {
      most = Math.max(most, ++under);
      await new Promise<void>((resolve) => open.push(resolve));
      under--;
      return { kind: 'connected', ref: randomUUID(), profileId: 'p' };
    };
    const made = bench({ connector, slots: 3 });
    made.service.start();
    const owners = await Promise.all(Array.from({ length: 10 }, () => addIdentity(ctx.store)));
    const started = await Promise.all(owners.map((owner) => made.service.startLogin(owner, ADA)));
    await until('three under way', async () => under === 3);
    assert.ok(started.every(({ state }) => state === 'queued'));
    for (let done = 0; done < 10; done++) (await until('one more', async () => open.shift()))();
    for (const [index, owner] of owners.entries())
      await untilState(made, owner, started[index]!.id, 'connected');
    assert.is(most, 3);
  });
});
