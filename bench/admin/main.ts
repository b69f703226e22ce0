import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COLLECTIONS } from '../../src/collections.js';
import { readSettings } from '../../src/config/config.js';
import { createKey } from '../../src/services/keys/operations.js';
import { storeOf } from '../../src/stores.js';
import { newFolder, startRole, stopAll } from '../../test/support/start-role.js';
import { median } from '../gateway/measure.js';
import { positive } from '../positive.js';
import { bareSqlite } from '../service/bare-sqlite.js';
import { load, quantile } from '../service/rounds.js';
import { table } from '../table.js';
import { adminOperations, LISTED } from './operations.js';

const HELP = `The admin contract's operations over REST on the embedded store, each beside the bare store's own read or write in
the same run; then a get's p99 while passwords are hashed.

  npm run bench admin -- [options]

  --rounds N         how often each is put under load (default 5)
  --milliseconds N   for how long each time (default 500)
`;
const RECORDS = 1000;
const AT_ONCE = 32;
const WARM_UP_MS = 700;
/** What others may wait while passwords are hashed, in milliseconds. */
const LONGEST_P99 = 250;

/** Runs the benchmark; resolves to whether every aim was met. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      milliseconds: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const [rounds, milliseconds] = [positive(values, 'rounds'), positive(values, 'milliseconds')];
  const folder = newFolder();
  const settings = {
    FACET_SECRETS_KEY: randomBytes(32).toString('base64'),
    FACET_LINKEDIN_CONNECTOR: 'simulated',
    FACET_LOG_LEVEL: 'warn',
    FACET_DATA_DIR: folder,
  };
  const store = await storeOf({ settings: readSettings(settings) });
  try {
    await store.open(COLLECTIONS);
    const { key } = await createKey(store, { tenant: 'bench', contract: 'admin' });
    const facet = await startRole('all', settings);
    const bare = await bareSqlite(join(folder, 'bare.db'), RECORDS, LISTED);
    const subjects = await adminOperations(facet.rest!, key, RECORDS);
    const rows: string[][] = [];
    let met = true;
    for (const { name, run, bare: operation, aim } of subjects) {
      await load(run, WARM_UP_MS, AT_ONCE);
      const [ours, theirs, waits]: number[][] = [[], [], []];
      for (let round = 0; round < rounds; round++) {
        theirs!.push((await load(bare.run[operation], milliseconds, AT_ONCE)).length);
        const times = await load(run, milliseconds, AT_ONCE);
        ours!.push(times.length);
        waits!.push(quantile(times, 0.99));
      }
      const perSecond = (median(ours!) / milliseconds) * 1000;
      met &&= perSecond >= aim;
      rows.push([
        name,
        perSecond.toFixed(0),
        median(waits!).toFixed(1),
        (median(ours!) / median(theirs!)).toFixed(2),
        String(aim),
        perSecond >= aim ? 'met' : 'MISSED',
      ]);
    }
    const [, , password, get] = subjects;
    const hashing = load(password!.run, milliseconds * 4, AT_ONCE);
    const p99 = quantile(await load(get!.run, milliseconds * 4, 1), 0.99);
    await hashing;
    console.log(`Node ${process.version}, ${availableParallelism()} cores, ${AT_ONCE} at once\n`);
    console.log(table(['', 'per second', 'p99 ms', '× bare', 'aim', ''], rows));
    console.log(`\na get's p99 while passwords are hashed: ${p99.toFixed(0)} ms, ${LONGEST_P99} at most`);
    await bare.close();
    return met && p99 <= LONGEST_P99;
  } finally {
    await store.close();
    await stopAll();
  }
}
