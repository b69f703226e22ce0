import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keys } from '../../src/services/keys/key-record.js';
import { createKey } from '../../src/services/keys/operations.js';
import { createMongoStore } from '../../src/storage/mongo/mongo-store.js';
import { startRole, stopAll } from '../support/start-role.js';
import { dropDatabase, newDatabaseName } from '../support/stores.js';
import { identitiesAt, mustHold, newLedger, writeUntilGone } from './ledger.js';

/**
 * A program that controls a database of the test's own: `up` starts it and prints its URI last, `crash` kills it as
 * a power cut would. It must not be one that anything else uses.
 */
const engine = process.env.MONGODB_ENGINE;
const CRASHES = 3;
const BACK_MS = 10_000;
const killed = suite('a database killed during writes [mongo]');
const run = promisify(execFile);

killed.after(stopAll);

(engine ? killed : killed.skip)(
  `after each of ${CRASHES} crashes nothing acknowledged is lost, without a restart of ours`,
  async () => {
    const up = async () => (await run(engine!, ['up'])).stdout.trim().split('\n').at(-1)!;
    const uri = await up();
    const database = newDatabaseName();
    const store = createMongoStore({ uri, database });
    await store.open([keys]);
    const { key } = await createKey(store, { tenant: 'acme', contract: 'core' });
    await store.close();
    const service = await startRole('service', {
      MONGODB_URI: uri,
      FACET_MONGODB_DATABASE: database,
      FACET_SECRETS_KEY: randomBytes(32).toString('base64'),
      FACET_LOG_LEVEL: 'warn',
    });
    const client = identitiesAt(service.grpc!, key);
    for (let crash = 0; crash < CRASHES; crash++) {
      const ledger = newLedger();
      const writers = Array.from({ length: 8 }, (_, w) => writeUntilGone(client, ledger, `c${crash}-${w}`));
      while (ledger.made.size < 50) await sleep(10);
      await run(engine!, ['crash']);
      // A call that met the crash has an end, not an answer.
      await Promise.all(writers);
      await up();
      const back = performance.now();
      while (
        !(await client.listIdentities({}).then(
          () => true,
          () => false,
        ))
      ) {
        assert.ok(performance.now() - back < BACK_MS, 'not served again');
        await sleep(50);
      }
      console.log(
        `# crash ${crash + 1}: served again ${Math.round(performance.now() - back)} ms after the database was`,
      );
      await mustHold(client, ledger);
    }
    assert.is(service.child.exitCode, null);
    client.close();
    await dropDatabase(uri, database);
  },
);

killed.run();
