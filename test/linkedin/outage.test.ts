import * as assert from 'uvu/assert';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import type { Outcome } from '../../src/services/linkedin/connector.js';
import type { LinkedInServiceOptions } from '../../src/services/linkedin/linkedin-service.js';
import { StoreUnavailableError } from '../../src/storage/errors.js';
import { forEachStore } from '../support/stores.js';
import { addIdentity, type Bench, COLLECTIONS, createBench, type Owner, until, untilState } from './bench.js';
import { type CuttableStore, cuttable } from './cuttable-store.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { refused } from './refused.js';
import { ASKED, CONNECTED, createScriptedConnector, type ScriptedConnector } from './scripted-connector.js';

const ADA = { username: 'ada', password: 'pw' };

forEachStore('linkedin logins while something is out of reach', COLLECTIONS, (test, ctx) => {
  let clock: FakeClock;
  let store: CuttableStore;
  let connector: ScriptedConnector;
  const benches: Bench[] = [];
  test.before.each(() => {
    clock = createFakeClock();
    store = cuttable(ctx.store);
    connector = createScriptedConnector();
  });
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  function bench(options: Partial<LinkedInServiceOptions> = {}): Bench {
    const made = createBench(store, { clock, connector, ...options });
    benches.push(made);
    return made;
  }

  async function asked(made: Bench): Promise<{ owner: Owner; id: string }> {
    connector.start = async () => ASKED;
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await untilState(made, owner, id, 'verification_required');
    return { owner, id };
  }

  test('what LinkedIn answered while the store was away is written down when it is back', async () => {
    const letIn: ((outcome: Outcome) => void)[] = [];
    connector.start = () => new Promise((resolve) => letIn.push(resolve));
    const made = bench();
    made.service.start();
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('LinkedIn is asked', async () => letIn.length === 1);
    store.cut();
    letIn[0]!(CONNECTED);
    await clock.advance(20_000);
    const error = await made.service.getSession(owner, id).catch((thrown: unknown) => thrown);
    assert.instance(error, StoreUnavailableError);
    store.mend();
    await clock.advance(6_000);
    assert.is((await untilState(made, owner, id)).state, 'connected');
    assert.is((await made.service.getConnection(owner)).connection.status, 'connected');
  });

  test('a watch outlives an outage of the store and misses nothing', async () => {
    const made = bench({ connector: 'worker' });
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    const updates = made.service.watch(owner, id, undefined);
    await updates.next();
    store.cut();
    const beat = updates.next();
    await until('waiting', async () => clock.timers() > 0);
    await clock.advance(15_000);
    assert.is((await beat).value.type, 'heartbeat');
    store.mend();
    const last = updates.next();
    await made.service.cancel(owner, id);
    assert.is((await last).value.session.state, 'cancelled');
    assert.is((await updates.next()).done, true);
  });

  test('an account that cannot be looked at after a lost code fails the login', async () => {
    const made = bench();
    const { owner, id } = await asked(made);
    connector.submitCode = async () => {
      throw new Error('504');
    };
    connector.state = 'silent';
    const answer = made.service.submitCode(owner, id, '1');
    await until('checked', async () => connector.calls.length === 1);
    await clock.advance(20_000);
    assert.is((await answer).state, 'verifying');
    const ended = await untilState(made, owner, id, 'failed');
    assert.is(ended.error?.code, 'provider_unavailable');
    assert.is(connector.calls.filter((call) => call.startsWith('check')).length, 4);
  });

  test('a poll that fails is asked again', async () => {
    let polls = 0;
    connector.start = async () => ({ kind: 'pending', ref: 'r', pollAfterMs: 100 });
    connector.poll = async () => {
      if (++polls < 3) throw new Error('no answer');
      return CONNECTED;
    };
    const made = bench();
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('connected', async () => {
      await clock.advance(1_000);
      return (await made.service.getSession(owner, id)).state === 'connected';
    });
    assert.is(polls, 3);
  });

  test('a step that never answers is given up after two minutes, and a late answer taken back', async () => {
    const letIn: ((outcome: Outcome) => void)[] = [];
    connector.start = () => new Promise((resolve) => letIn.push(resolve));
    const made = bench();
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await until('LinkedIn is asked', async () => letIn.length === 1);
    await clock.advance(121_000);
    assert.is((await untilState(made, owner, id)).error?.code, 'provider_unavailable');
    letIn[0]!(CONNECTED);
    await until('taken back', async () => connector.calls.includes('disconnect account-1'));
  });

  test('a code that cannot be sent again is said so', async () => {
    const made = bench();
    const { owner, id } = await asked(made);
    assert.is(await refused(made.service.resendCode(owner, id)), 'CONNECTOR_UNAVAILABLE');
    connector.resend = async () => {
      throw new Error('no answer');
    };
    assert.is(await refused(made.service.resendCode(owner, id)), 'CONNECTOR_UNAVAILABLE');
    assert.is((await made.service.getSession(owner, id)).challenge?.attemptsLeft, 5);
    connector.resend = async () => {};
    assert.is((await made.service.resendCode(owner, id)).sequence, 4);
  });

  test('an account that cannot be given up is tried again', async () => {
    let deaf = true;
    connector.cancel = async (ref) => {
      connector.calls.push(`cancel ${ref}`);
      if (deaf) throw new Error('no answer');
    };
    const made = bench();
    made.service.start();
    const { owner, id } = await asked(made);
    await made.service.cancel(owner, id);
    const settled = async () =>
      (await ctx.store.get(linkedinSessions, { tenant: owner.tenant, id }))?.body.settlement;
    await until('tried', async () => connector.calls.length === 1);
    assert.is(await settled(), 'reflected');
    assert.is((await made.service.getConnection(owner)).connection.status, 'not_connected');
    deaf = false;
    const since = clock.now();
    await until('done', async () => {
      await clock.advance(5_000);
      return (await settled()) === 'done';
    });
    assert.ok(clock.now() - since <= 75_000);
  });

  test('a connector that lacks what a login needs refuses it', async () => {
    const owner = await addIdentity(ctx.store);
    connector = createScriptedConnector({ credentials: false });
    assert.is(await refused(bench().service.startLogin(owner, ADA)), 'CONNECTOR_UNAVAILABLE');
    connector = createScriptedConnector({ storedSession: false });
    const made = bench();
    const { id } = await made.service.startLogin(owner, ADA);
    await untilState(made, owner, id, 'connected');
    assert.is(await refused(made.service.startLogin(owner, {})), 'CREDENTIALS_REQUIRED');
  });

  test('where another connector is configured, sessions of the former end at their deadline', async () => {
    connector.submitCode = () => new Promise(() => undefined);
    const first = bench();
    const { owner, id } = await asked(first);
    const waiting = await asked(first);
    const answer = first.service.submitCode(owner, id, '1');
    await untilState(first, owner, id, 'verifying');
    await clock.advance(2_000);
    await answer;
    store.cut();
    store = cuttable(ctx.store);
    const second = bench({ connector: 'worker' });
    second.service.start();
    assert.is(
      await refused(second.service.submitCode(waiting.owner, waiting.id, '1')),
      'CONNECTOR_UNAVAILABLE',
    );
    await clock.jump(605_000);
    await clock.advance(70_000);
    for (const { owner: whose, id: which } of [{ owner, id }, waiting]) {
      assert.is((await untilState(second, whose, which)).error?.code, 'verification_timeout');
    }
  });
});
