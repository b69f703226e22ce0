import { type Db, MongoServerError } from 'mongodb';
import type { Collection, Inspection } from '../store.js';
import { indexesOf } from './collections.js';

const NAMESPACE_NOT_FOUND = 26;

/** What the server says of itself and of our collections. Throws what the driver throws. */
export async function inspectDatabase(
  database: Db,
  collections: readonly Collection<never>[],
): Promise<Inspection> {
  const asked = Date.now();
  const hello = await database.command({ hello: 1 });
  const now = (asked + Date.now()) / 2;
  const build = await database.command({ buildInfo: 1 });
  const missing = await Promise.all(collections.map((collection) => missingIndexes(database, collection)));
  return {
    engine: build.ferretdb?.version
      ? `FerretDB ${build.ferretdb.version}, as MongoDB ${build.version}`
      : `MongoDB ${build.version}`,
    made: missing.some((names) => names !== undefined),
    missingIndexes: missing.flatMap((names) => names ?? []),
    clockAheadMs: hello.localTime instanceof Date ? Math.round(hello.localTime.getTime() - now) : undefined,
    damage: [],
  };
}

/** Undefined where the collection itself is not there. */
async function missingIndexes(database: Db, collection: Collection<never>): Promise<string[] | undefined> {
  try {
    const existing = await database.collection(collection.name).listIndexes().toArray();
    const known = new Set(existing.map(({ key }) => JSON.stringify(key)));
    return indexesOf(collection)
      .filter(({ key }) => !known.has(JSON.stringify(key)))
      .map(nameIn(collection));
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return undefined;
    throw error;
  }
}

const nameIn =
  ({ name }: Collection<never>) =>
  ({ key }: { readonly key: object }) =>
    `${name} (${Object.keys(key).join(', ')})`;
