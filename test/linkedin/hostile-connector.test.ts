import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../src/services/linkedin/connector.js';
import { availableStores, type TestStore } from '../support/stores.js';
import { addIdentity, COLLECTIONS, createBench, untilState } from './bench.js';
import { ASKED, createScriptedConnector } from './scripted-connector.js';

const test = suite('a hostile connector');
let made: TestStore;
test.before(async () => {
  made = await availableStores()[0]!.make();
  await made.store.open(COLLECTIONS);
});
test.after(() => made.close());

const CYCLE: Record<string, unknown> = { kind: 'pending' };
CYCLE.ref = CYCLE;
const ANSWERS: [what: string, answer: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'connected'],
  ['an unknown kind', { kind: 'won' }],
  ['no ref', { kind: 'connected', profileId: 'p' }],
  ['a huge ref', { kind: 'connected', ref: 'x'.repeat(3_000), profileId: 'p' }],
  ['a huge message', { kind: 'rejected', code: 'internal', retryable: true, message: 'x'.repeat(1_000_000) }],
  ['a code of its own', { kind: 'rejected', code: 'haha', retryable: true, message: 'x' }],
  ['a reason of the service', { kind: 'rejected', code: 'no_worker', retryable: true, message: 'x' }],
  [
    'a challenge without an end',
    { ...ASKED, challenge: { type: 'otp', channel: null, needsCode: true, options: [] } },
  ],
  [
    'NaN as an end',
    { ...ASKED, challenge: { ...(ASKED as { challenge: object }).challenge, expiresAt: Number.NaN } },
  ],
  ['a poll in the past', { kind: 'pending', ref: 'r', pollAfterMs: -1 }],
  ['a poll next year', { kind: 'pending', ref: 'r', pollAfterMs: 1e12 }],
  ['itself', CYCLE],
];

for (const [what, answer] of ANSWERS) {
  test(`answering ${what} fails the login as internal`, async () => {
    const connector = createScriptedConnector();
    connector.start = async () => answer as Outcome;
    const bench = createBench(made.store, { connector });
    const owner = await addIdentity(made.store);
    const { id } = await bench.service.startLogin(owner, { username: 'ada', password: 'pw' });
    const ended = await untilState(bench, owner, id);
    assert.is(ended.state, 'failed');
    assert.is(ended.error?.code, 'internal');
    await bench.service.close();
  });
}

test('an unknown type of challenge is shown as unknown', async () => {
  const connector = createScriptedConnector();
  const challenge = { ...(ASKED as { challenge: object }).challenge, type: 'riddle', channel: 'pigeon' };
  connector.start = async () => ({ ...ASKED, challenge }) as unknown as Outcome;
  const bench = createBench(made.store, { connector });
  const owner = await addIdentity(made.store);
  const { id } = await bench.service.startLogin(owner, { username: 'ada', password: 'pw' });
  const asked = await untilState(bench, owner, id, 'verification_required');
  assert.equal([asked.challenge?.type, asked.challenge?.channel], ['unknown', null]);
  await bench.service.close();
});

test('throwing, at once or later, fails the login as unavailable and keeps its text out of the log', async () => {
  const thrown: (() => Promise<Outcome>)[] = [
    () => {
      throw new Error('pass-wörd 1');
    },
    async () => {
      throw new Error('pass-wörd 2');
    },
    async () => {
      throw 'pass-wörd 3';
    },
  ];
  for (const start of thrown) {
    const connector = createScriptedConnector();
    connector.start = start;
    const bench = createBench(made.store, { connector });
    const owner = await addIdentity(made.store);
    const { id } = await bench.service.startLogin(owner, { username: 'ada', password: 'pw' });
    assert.is((await untilState(bench, owner, id)).error?.code, 'provider_unavailable');
    await bench.service.close();
    assert.ok(bench.logged().includes('the LinkedIn connector failed'));
    assert.not.ok(bench.logged().includes('pass-wörd'));
  }
});

test('credentials can be opened once and no more', async () => {
  const connector = createScriptedConnector();
  let second: unknown;
  connector.start = async (_session, credentials) => {
    assert.is((await credentials!.open()).password, 'pw');
    second = await credentials!.open().catch((error: Error) => error.name);
    return { kind: 'connected', ref: 'r', profileId: 'p' };
  };
  const bench = createBench(made.store, { connector });
  const owner = await addIdentity(made.store);
  const { id } = await bench.service.startLogin(owner, { username: 'ada', password: 'pw' });
  assert.is((await untilState(bench, owner, id)).state, 'connected');
  assert.is(second, 'SecretGoneError');
  await bench.service.close();
});

test.run();
