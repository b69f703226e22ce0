import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COLLECTIONS } from '../../src/collections.js';
import { readSettings } from '../../src/config/config.js';
import { createKey } from '../../src/services/keys/operations.js';
import { storeOf } from '../../src/stores.js';
import { newFolder, startRole, stopAll } from '../../test/support/start-role.js';
import { dropDatabase, newDatabaseName } from '../../test/support/stores.js';
import { positive } from '../positive.js';
import { bareMongo } from './bare-mongo.js';
import { bareSqlite } from './bare-sqlite.js';
import { overGrpc } from './over-grpc.js';
import { overRest } from './over-rest.js';
import { reportOf } from './report.js';
import { type Effort, type Figure, measureAll } from './rounds.js';
import { measureStartUp } from './start-up.js';
import { WEIGHABLE } from './used-memory.js';
import { measureWatchers, type Watchers } from './watchers.js';

const HELP = `Create, get, list and update: over the bare driver or bare SQLite, by gRPC, and over REST in the service's process
(local) and apart (wire); on the embedded store, and on MongoDB where MONGODB_URI is set. Then a thousand watchers, the
start-up time and the memory at rest.

  npm run bench service -- [options]

  --rounds N         how often each is put under load (default 5)
  --milliseconds N   for how long each time (default 500)
  --json FILE        writes the figures there too
`;
const RECORDS = 1000;

/** Runs the benchmark; resolves to whether every aim was met. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      milliseconds: { type: 'string', default: '500' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const effort: Effort = {
    rounds: positive(values, 'rounds'),
    milliseconds: positive(values, 'milliseconds'),
    warmUpMs: 700,
    atOnce: 16,
  };
  const stores: Record<string, { figures: Figure[]; watchers: Watchers }> = {};
  try {
    stores.embedded = await onStore(effort, { FACET_DATA_DIR: newFolder() });
    const uri = process.env.MONGODB_URI;
    if (uri) {
      const database = newDatabaseName();
      stores.mongo = await onStore(effort, { MONGODB_URI: uri, FACET_MONGODB_DATABASE: database });
      await dropDatabase(uri, database);
    }
    const startUp = await measureStartUp();
    const ranOn = { node: process.version, cores: availableParallelism(), ...effort };
    const { text, met } = reportOf(stores, startUp);
    console.log(`Node ${ranOn.node}, ${ranOn.cores} cores, ${effort.atOnce} at once\n\n${text}`);
    if (values.json !== undefined) {
      await writeFile(values.json, `${JSON.stringify({ ranOn, stores, startUp }, undefined, 2)}\n`);
    }
    return met;
  } finally {
    await stopAll();
  }
}

async function onStore(effort: Effort, place: Record<string, string>) {
  const settings: Record<string, string> = {
    FACET_SECRETS_KEY: randomBytes(32).toString('base64'),
    FACET_LINKEDIN_CONNECTOR: 'simulated',
    FACET_LOG_LEVEL: 'warn',
    ...place,
  };
  const store = await storeOf({ settings: readSettings(settings) });
  await store.open(COLLECTIONS);
  const keyOf = async (tenant: string) => (await createKey(store, { tenant, contract: 'core' })).key;
  const whole = await startRole('all', settings);
  const service = await startRole('service', { ...settings, ...WEIGHABLE });
  const gateway = await startRole('gateway', { FACET_GRPC_ADDR: service.grpc!, FACET_LOG_LEVEL: 'warn' });
  const { MONGODB_URI: uri, FACET_MONGODB_DATABASE: database, FACET_DATA_DIR: folder } = settings;
  const contenders = [
    uri ? await bareMongo(uri, database!, RECORDS) : await bareSqlite(join(folder!, 'bare.db'), RECORDS),
    await overGrpc(service.grpc!, await keyOf('grpc'), RECORDS),
    await overRest('REST local', whole.rest!, await keyOf('local'), RECORDS),
    await overRest('REST wire', gateway.rest!, await keyOf('wire'), RECORDS),
  ];
  const figures = await measureAll(contenders, effort);
  const watchers = await measureWatchers([whole, service], keyOf);
  for (const contender of contenders) await contender.close();
  for (const { child, ended } of [gateway, service, whole]) {
    child.kill('SIGTERM');
    await ended;
  }
  await store.close();
  return { figures, watchers };
}
