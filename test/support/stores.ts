import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { suite, type Test } from 'uvu';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { createMongoStore } from '../../src/storage/mongo/mongo-store.js';
import type { Collection, Store } from '../../src/storage/store.js';

/** A store with nothing in it, for one test file. */
export interface TestStore {
  readonly store: Store;
  /** Another store on the same data, as another process would have it. */
  another(): Store;
  /** Closes all and removes the data. */
  close(): Promise<void>;
}

export interface StoreKind {
  readonly name: Store['name'];
  make(): Promise<TestStore>;
}

/** What a test of a store has at hand. */
export interface StoreContext {
  readonly name: Store['name'];
  /** The suite's store, open from the first test to the last. */
  readonly store: Store;
  another(): Store;
}

/**
 * The embedded store, and MongoDB where MONGODB_URI is set. Those that FACET_REQUIRE_STORES names, parted by
 * commas, must be among them.
 */
export function availableStores(): readonly StoreKind[] {
  const uri = process.env.MONGODB_URI;
  const kinds: StoreKind[] = [{ name: 'embedded', make: makeEmbedded }];
  if (uri) kinds.push({ name: 'mongo', make: () => makeMongo(uri) });
  for (const name of process.env.FACET_REQUIRE_STORES?.split(',') ?? []) {
    if (!kinds.some((kind) => kind.name === name))
      throw new Error(`the store "${name}" is required but not available`);
  }
  return kinds;
}

/** Defines and runs a suite on every store, named "name [store]". The collections are open before the first test. */
export function forEachStore(
  name: string,
  collections: readonly Collection<never>[],
  define: (test: Test, ctx: StoreContext) => void,
): void {
  for (const kind of availableStores()) {
    let made: TestStore | undefined;
    const current = () => {
      if (made === undefined) throw new Error('the store is there only while the suite runs');
      return made;
    };
    const test = suite(`${name} [${kind.name}]`);
    test.before(async () => {
      made = await kind.make();
      await made.store.open(collections);
    });
    test.after(() => made?.close());
    define(test, {
      name: kind.name,
      get store() {
        return current().store;
      },
      another: () => current().another(),
    });
    test.run();
  }
}

async function makeEmbedded(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-test-'));
  return keep(
    () => createEmbeddedStore({ path: join(folder, 'facet.db') }),
    () => rm(folder, { recursive: true, force: true }),
  );
}

async function makeMongo(uri: string): Promise<TestStore> {
  const database = newDatabaseName();
  return keep(
    () => createMongoStore({ uri, database }),
    () => dropDatabase(uri, database),
  );
}

/** A database of a suite's own. */
export function newDatabaseName(): string {
  return `facet_test_${randomBytes(6).toString('hex')}`;
}

export async function dropDatabase(uri: string, name: string): Promise<void> {
  const client = new MongoClient(uri);
  await client.db(name).dropDatabase();
  await client.close();
}

function keep(create: () => Store, remove: () => Promise<void>): TestStore {
  const stores: Store[] = [];
  const another = () => {
    const store = create();
    stores.push(store);
    return store;
  };
  return {
    store: another(),
    another,
    async close() {
      await Promise.all(stores.map((store) => store.close()));
      await remove();
    },
  };
}
