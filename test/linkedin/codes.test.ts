import * as assert from 'uvu/assert';
import type { Outcome } from '../../src/services/linkedin/connector.js';
import { forEachStore } from '../support/stores.js';
import { addIdentity, type Bench, COLLECTIONS, createBench, type Owner, until, untilState } from './bench.js';
import { refused } from './refused.js';
import { ASKED, CONNECTED, createScriptedConnector, type ScriptedConnector } from './scripted-connector.js';

const ADA = { username: 'ada', password: 'pw' };

forEachStore('codes of linkedin logins', COLLECTIONS, (test, ctx) => {
  const benches: Bench[] = [];
  test.after.each(async () => {
    await Promise.all(benches.splice(0).map(({ service }) => service.close()));
  });

  async function bench(connector: ScriptedConnector): Promise<Bench> {
    const store = benches.length === 0 ? ctx.store : ctx.another();
    if (store !== ctx.store) await store.open(COLLECTIONS);
    const made = createBench(store, { connector });
    benches.push(made);
    return made;
  }

  function asking(): ScriptedConnector {
    const connector = createScriptedConnector();
    connector.start = async () => ASKED;
    return connector;
  }

  async function asked(made: Bench): Promise<{ owner: Owner; id: string }> {
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    await untilState(made, owner, id, 'verification_required');
    return { owner, id };
  }

  for (const [what, outcome] of [
    ['right', CONNECTED],
    ['wrong', { kind: 'rejected', code: 'invalid_code', retryable: true, message: 'No.' }],
  ] as const) {
    test(`of ten ${what} codes handed in at once to two processes one is tried`, async () => {
      for (let round = 0; round < 8; round++) {
        const connector = asking();
        let tried = 0;
        connector.submitCode = async (_ref, _challenge, code): Promise<Outcome> => {
          await code.open();
          tried++;
          return outcome;
        };
        const [one, two] = [await bench(connector), await bench(connector)];
        const { owner, id } = await asked(one);
        const answers = await Promise.allSettled(
          Array.from({ length: 10 }, (_, index) =>
            refused((index % 2 ? one : two).service.submitCode(owner, id, '123456')),
          ),
        );
        assert.is(tried, 1);
        // The one that is taken is not refused, and `refused` says so by throwing.
        assert.is(answers.filter(({ status }) => status === 'rejected').length, 1);
        for (const answer of answers) {
          if (answer.status === 'fulfilled') assert.is(answer.value, 'CODE_NOT_EXPECTED');
        }
        await Promise.all(benches.splice(0).map(({ service }) => service.close()));
      }
    });
  }

  test('a code whose check takes long is answered VERIFYING, and the result follows', async () => {
    const connector = asking();
    let answer: (outcome: Outcome) => void = () => undefined;
    connector.submitCode = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const made = await bench(connector);
    const { owner, id } = await asked(made);
    const since = Date.now();
    assert.is((await made.service.submitCode(owner, id, '1')).state, 'verifying');
    assert.ok(Date.now() - since >= 1_900 && Date.now() - since < 2_600);
    assert.is(await refused(made.service.submitCode(owner, id, '1')), 'CODE_NOT_EXPECTED');
    answer(CONNECTED);
    assert.is((await untilState(made, owner, id)).state, 'connected');
  });

  test('a blank code is refused, and no code is wanted before a challenge', async () => {
    const connector = asking();
    connector.start = () => new Promise(() => undefined);
    const made = await bench(connector);
    const owner = await addIdentity(ctx.store);
    const { id } = await made.service.startLogin(owner, ADA);
    assert.is(await refused(made.service.submitCode(owner, id, ' \t')), 'INVALID_INPUT');
    assert.is(await refused(made.service.submitCode(owner, id, '1')), 'CODE_NOT_EXPECTED');
    await made.service.cancel(owner, id);
  });

  test('the caller leaving takes nothing back', async () => {
    const connector = asking();
    let answer: (outcome: Outcome) => void = () => undefined;
    connector.submitCode = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const made = await bench(connector);
    const { owner, id } = await asked(made);
    const leaving = new AbortController();
    const submitting = made.service.submitCode(owner, id, '1', { signal: leaving.signal });
    await untilState(made, owner, id, 'verifying');
    leaving.abort();
    await submitting.catch(() => undefined);
    answer(CONNECTED);
    assert.is((await untilState(made, owner, id)).state, 'connected');
  });

  test('a connector that fails while it checks a code is asked how the account is', async () => {
    const connector = asking();
    connector.submitCode = async () => {
      throw new Error('504');
    };
    const made = await bench(connector);
    const { owner, id } = await asked(made);
    connector.state = 'connecting';
    const again = await made.service.submitCode(owner, id, '1');
    assert.is(again.state, 'verification_required');
    assert.is(again.error?.code, 'worker_lost');
    connector.state = 'connected';
    assert.is((await made.service.submitCode(owner, id, '1')).state, 'connected');
    await until('settled', async () => made.service.held().timers === 0);
  });

  test('a code or an approval: whichever comes first', async () => {
    const connector = createScriptedConnector();
    const either = {
      ...ASKED,
      challenge: { ...(ASKED as { challenge: object }).challenge, type: 'otp_or_in_app' },
    };
    connector.start = async () => either as Outcome;
    let approved = false;
    connector.poll = async (ref) => (approved ? CONNECTED : { kind: 'pending', ref, pollAfterMs: 20 });
    const made = await bench(connector);
    const one = await asked(made);
    assert.is((await made.service.submitCode(one.owner, one.id, '1')).state, 'connected');
    connector.submitCode = async () => ({
      kind: 'rejected',
      code: 'invalid_code',
      retryable: true,
      message: 'No.',
    });
    const other = await asked(made);
    assert.is((await made.service.submitCode(other.owner, other.id, '1')).error?.code, 'invalid_code');
    approved = true;
    assert.is((await untilState(made, other.owner, other.id)).state, 'connected');
  });
});
