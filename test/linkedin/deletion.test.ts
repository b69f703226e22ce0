import * as assert from 'uvu/assert';
import { identities } from '../../src/services/identity/collection.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import type { Outcome } from '../../src/services/linkedin/connector.js';
import type { LinkedInServiceOptions, LoginUpdate } from '../../src/services/linkedin/linkedin-service.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  markDeleted,
  type Owner,
  until,
  untilState,
} from './bench.js';
import { createFakeClock } from './fake-clock.js';
import { refused } from './refused.js';
import { ASKED, CONNECTED, createScriptedConnector, type ScriptedConnector } from './scripted-connector.js';

const ADA = { username: 'ada', password: 'pw' };

/** Has the connector's logins wait to be let in by the test. */
function held(connector: ScriptedConnector): ((outcome: Outcome) => void)[] {
  const letIn: ((outcome: Outcome) => void)[] = [];
  connector.start = () => new Promise((resolve) => letIn.push(resolve));
  return letIn;
}

forEachStore('deleting identities that log in', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  function bench(options: Partial<LinkedInServiceOptions> = {}): Bench {
    const made = createBench(ctx.store, options);
    benches.push(made);
    return made;
  }

  async function deleteIdentity({ service }: Bench, owner: Owner): Promise<void> {
    await markDeleted(ctx.store, owner);
    await service.identityDeleted(owner.tenant, owner.identityId);
  }

  const stored = ({ tenant, identityId: id }: Owner) => ctx.store.get(identities, { tenant, id });
  const sessionOf = ({ tenant }: Owner, id: string) => ctx.store.get(linkedinSessions, { tenant, id });

  test('the open login is called off, its secrets go, and so does the record', async () => {
    const made = bench({ connector: 'worker' });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    const seen: LoginUpdate[] = [];
    const watching = (async () => {
      for await (const update of made.service.watch(owner, id, undefined)) seen.push(update);
    })();
    await until('the watcher is there', async () => seen.length > 0);
    await deleteIdentity(made, owner);
    await watching;
    assert.equal(
      seen.map(({ type, session }) => [type, session?.state]),
      [
        ['snapshot', 'queued'],
        ['state_changed', 'cancelled'],
      ],
    );
    assert.is(await stored(owner), undefined);
    assert.is(await refused(made.service.getSession(owner, id)), 'IDENTITY_NOT_FOUND');
    assert.is(await refused(made.service.watch(owner, id, undefined).next()), 'IDENTITY_NOT_FOUND');
    const secrets = await ctx.store.find(sealedSecrets, { tenant: owner.tenant, limit: 100 });
    assert.is(secrets.filter(({ body }) => body.sessionId === id).length, 0);
    const tombstone = (await sessionOf(owner, id))!.body;
    assert.ok(tombstone.removeAt! <= Date.now() + 10 * 60_000);
  });

  test('the account is disconnected, and only then the record goes', async () => {
    const clock = createFakeClock();
    const connector = createScriptedConnector();
    let deaf = true;
    connector.disconnect = async (ref) => {
      connector.calls.push(`disconnect ${ref}`);
      if (deaf) throw new Error('no answer');
    };
    const made = bench({ connector, clock });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('connected', async () => {
      await clock.advance(50);
      return (await sessionOf(owner, id))?.body.settlement === 'done';
    });
    await deleteIdentity(made, owner);
    assert.is((await stored(owner))?.body.kind, 'deleted');
    assert.is(await refused(made.service.getConnection(owner)), 'IDENTITY_NOT_FOUND');
    deaf = false;
    made.service.start();
    await until('removed', async () => (await stored(owner)) === undefined);
    assert.equal(connector.calls, ['disconnect account-1', 'disconnect account-1']);
  });

  test('a connector that never answers is given up after a day', async () => {
    const clock = createFakeClock(Date.now());
    const connector = createScriptedConnector();
    connector.disconnect = async () => {
      throw new Error('no answer');
    };
    const made = bench({ connector, clock });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('connected', async () => {
      await clock.advance(50);
      return (await sessionOf(owner, id))?.body.settlement === 'done';
    });
    await deleteIdentity(made, owner);
    await clock.jump(25 * 3_600_000);
    made.service.start();
    await until('removed', async () => (await stored(owner)) === undefined);
  });

  test('LinkedIn letting a login in after its identity is gone is taken back', async () => {
    const connector = createScriptedConnector();
    const letIn = held(connector);
    const made = bench({ connector });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('LinkedIn is asked', async () => letIn.length === 1);
    await deleteIdentity(made, owner);
    letIn[0]!(CONNECTED);
    await until('taken back', async () => connector.calls.includes('disconnect account-1'));
    assert.is((await sessionOf(owner, id))?.body.state, 'cancelled');
  });

  test('cancel against connect: one wins, and both views agree', async () => {
    for (let round = 0; round < 30; round++) {
      const connector = createScriptedConnector();
      const letIn = held(connector);
      const made = bench({ connector });
      const owner = await addIdentity(ctx.store);
      const { id } = await made.service.startLogin(owner, ADA);
      await until('LinkedIn is asked', async () => letIn.length === 1);
      const cancelling = made.service.cancel(owner, id).catch(() => undefined);
      if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      letIn[0]!(CONNECTED);
      await cancelling;
      const { state } = await untilState(made, owner, id);
      const { connection } = await made.service.getConnection(owner);
      assert.is(connection.status, state === 'connected' ? 'connected' : 'not_connected');
      if (state === 'cancelled') {
        await until('taken back', async () => connector.calls.includes('disconnect account-1'));
      }
    }
  });

  test('cancelling stops what the connector is doing', async () => {
    const connector = createScriptedConnector();
    const signals: AbortSignal[] = [];
    connector.start = (_session, _credentials, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const made = bench({ connector });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('LinkedIn is asked', async () => signals.length === 1);
    await made.service.cancel(owner, id);
    assert.is(signals[0]!.aborted, true);
  });

  test('a login that is cancelled after a challenge is given up at LinkedIn', async () => {
    const connector = createScriptedConnector();
    connector.start = async () => ASKED;
    const made = bench({ connector });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await untilState(made, owner, id, 'verification_required');
    await made.service.cancel(owner, id);
    await until('given up', async () => connector.calls.includes('cancel account-1'));
  });

  test('deleting during a start leaves no open login behind', async () => {
    const made = bench();
    for (let round = 0; round < 20; round++) {
      const owner = await addIdentity(ctx.store);
      const starting = made.service
        .startLogin(owner, { username: '2fa', password: 'pw' })
        .catch(() => undefined);
      if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
      await deleteIdentity(made, owner);
      const session = await starting;
      assert.is(await stored(owner), undefined);
      if (session === undefined) continue;
      const { tenant } = owner;
      await until('cancelled', async () => {
        return (
          (await ctx.store.get(linkedinSessions, { tenant, id: session.id }))?.body.state === 'cancelled'
        );
      });
    }
  });
});
