import { randomBytes } from 'node:crypto';
import { suite, type Test } from 'uvu';
import { COLLECTIONS } from '../../src/collections.js';
import { readSettings } from '../../src/config/config.js';
import type { ContractName } from '../../src/domain/identity.js';
import { createKey } from '../../src/services/keys/operations.js';
import type { Store } from '../../src/storage/store.js';
import { storeOf } from '../../src/stores.js';
import { newFolder, stopAll } from './start-role.js';
import { availableStores, dropDatabase, newDatabaseName } from './stores.js';

/** A store that several processes of Facet's share, and the settings with which they find it. */
export interface SharedStore {
  readonly name: Store['name'];
  /** For `startRole`; logins are played. */
  readonly settings: Record<string, string>;
  /** The test's own way to the data, beside the processes; closed after the suite. */
  open(): Promise<Store>;
  /** Makes a key with all scopes. */
  key(tenant: string, contract?: ContractName): Promise<{ readonly key: string; readonly id: string }>;
}

/**
 * Defines and runs a suite of processes on each kind of store, named "name [store]"; where MONGODB_STREAMS_URI is
 * set, once more on that server, which pushes changes.
 */
export function forEachSharedStore(name: string, define: (test: Test, shared: SharedStore) => void): void {
  for (const kind of availableStores())
    runSuite(`${name} [${kind.name}]`, kind.name, process.env.MONGODB_URI, define);
  const pushing = process.env.MONGODB_STREAMS_URI;
  if (pushing) runSuite(`${name}, told by change streams [mongo]`, 'mongo', pushing, define);
}

function runSuite(
  title: string,
  kind: Store['name'],
  uri: string | undefined,
  define: (test: Test, shared: SharedStore) => void,
): void {
  const test = suite(title);
  const database = newDatabaseName();
  const place: Record<string, string> =
    kind === 'mongo'
      ? { MONGODB_URI: uri!, FACET_MONGODB_DATABASE: database }
      : { FACET_DATA_DIR: newFolder() };
  const settings: Record<string, string> = {
    FACET_SECRETS_KEY: randomBytes(32).toString('base64'),
    FACET_LINKEDIN_CONNECTOR: 'simulated',
    FACET_LOG_LEVEL: 'warn',
    ...place,
  };
  const stores: Store[] = [];
  const open = async () => {
    const store = await storeOf({ settings: readSettings(settings) });
    stores.push(store);
    await store.open(COLLECTIONS);
    return store;
  };
  test.after(async () => {
    await stopAll();
    await Promise.all(stores.map((store) => store.close()));
    if (kind === 'mongo') await dropDatabase(uri!, database);
  });
  define(test, {
    name: kind,
    settings,
    open,
    async key(tenant, contract = 'core') {
      const { key, view } = await createKey(stores[0] ?? (await open()), { tenant, contract });
      return { key, id: view.id };
    },
  });
  test.run();
}
