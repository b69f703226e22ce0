import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keys } from '../../src/services/keys/key-record.js';
import { createKey } from '../../src/services/keys/operations.js';
import { createMongoStore } from '../../src/storage/mongo/mongo-store.js';
import { type Engine, engineOf } from '../fault/engine.js';
import { type StartedRole, startRole, stopAll } from '../support/start-role.js';
import { dropDatabase, newDatabaseName } from '../support/stores.js';
import { type Identities, identitiesAt } from './identities-at.js';
import { acknowledgedIn, mustHold, newLedger, writeUntil } from './ledger.js';

/** What can be killed, how often, and how; false where the engine has no such part. */
const PARTS: readonly [string, number, (engine: Engine) => Promise<boolean>][] = [
  ['the whole database', 3, (engine) => engine.crash()],
  ['what the URI leads to, alone', 3, (engine) => engine.killFront()],
  ['the server behind it, alone', 3, (engine) => engine.killBehind()],
  ['one process of the server behind it', 3, (engine) => engine.killOneBehind()],
];
const WRITERS = 16;
const BACK_MS = 10_000;
const KNOWN = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED];

const killed = suite('a database killed during writes [mongo]');
const database = newDatabaseName();
let engine: Engine;
let uri: string;
let key: string;
let service: StartedRole;
let client: Identities;

/** As the service that is there: no other is started when the database comes back. */
async function startOnce(program: string): Promise<void> {
  engine = engineOf(program);
  uri = await engine.up();
  const store = createMongoStore({ uri, database });
  await store.open([keys]);
  ({ key } = await createKey(store, { tenant: 'acme', contract: 'core' }));
  await store.close();
  service = await startRole('service', {
    MONGODB_URI: uri,
    FACET_MONGODB_DATABASE: database,
    FACET_SECRETS_KEY: randomBytes(32).toString('base64'),
    FACET_LOG_LEVEL: 'warn',
  });
  client = identitiesAt(service.grpc!, key);
}

/** How a call ends that reads. */
const look = () =>
  client.listIdentities({ pageSize: 1 }, { deadline: Date.now() + 2000 }).then(
    () => status.OK,
    ({ code }) => code as status,
  );

/** What it logged of failures that it did not expect. */
const errorsOf = ({ printed }: StartedRole) =>
  printed()
    .match(/^.*"level":50.*$/gm)
    ?.join('\n');

const program = process.env.MONGODB_ENGINE;
if (program === undefined) {
  for (const [part] of PARTS) killed.skip(part);
  console.log(
    "# skipped: set MONGODB_ENGINE to a program that starts and crashes a database of the tests' own",
  );
} else {
  const ledger = newLedger();
  killed.before(() => startOnce(program));
  killed.after(async () => {
    client?.close();
    await stopAll();
    await dropDatabase(uri, database);
  });
  for (const [part, times, kill] of PARTS) {
    killed(
      `${part}, ${times} times: nothing acknowledged is lost or done twice, without a restart of ours`,
      async () => {
        for (let n = 0; n < times; n++) {
          let over = false;
          const wanted = acknowledgedIn(ledger) + 100;
          const name = (w: number) => `${part}-${n}-${w}`.replaceAll(/[^a-z0-9]+/g, '-');
          const writers = Array.from({ length: WRITERS }, (_, w) =>
            writeUntil(client, ledger, name(w), () => over),
          );
          while (acknowledgedIn(ledger) < wanted) await sleep(10);
          if ((await kill(engine)) === false) {
            over = true;
            await Promise.all(writers);
            return console.log(`# ${part}: this engine has none`);
          }
          await engine.up();
          const back = performance.now();
          for (let code = await look(); code !== status.OK; code = await look()) {
            assert.ok(performance.now() - back < BACK_MS, `not served again: ${status[code]}`);
            await sleep(50);
          }
          const ms = Math.round(performance.now() - back);
          over = true;
          await Promise.all(writers);
          const unknown = [...ledger.failures].filter((code) => !KNOWN.includes(code));
          assert.equal(unknown, [], `ends that say nothing of a store:\n${errorsOf(service)}`);
          await mustHold(client, ledger);
          console.log(
            `# ${part}: served again ${ms} ms after it was back; ${acknowledgedIn(ledger)} acknowledged so far`,
          );
        }
        assert.is(service.child.exitCode, null);
      },
    );
  }
}

killed.run();
