import type { Filter, Collection as MongoCollection } from 'mongodb';
import { orAborted, pause } from '../abort.js';
import { canMatch } from '../check-query.js';
import { StoreUnavailableError } from '../errors.js';
import { inOrder } from '../in-order.js';
import { bodyOf, indexDocument } from '../indexed-document.js';
import { isStorable, isStorableKey } from '../storable-text.js';
import type { Collection, Document, Key, Store, Wait } from '../store.js';
import { createTurns } from '../turns.js';
import { createWatches } from '../watches.js';
import { createPush } from './changes.js';
import { createCollections } from './collections.js';
import { createMongoConnection } from './connection.js';
import { filterOf } from './filter.js';
import { findPage } from './find-page.js';
import { inspectDatabase } from './inspect-database.js';
import { isConflict, toStoreError } from './mongo-error.js';
import { readMany } from './read-many.js';
import { fromStored, idOf, keyOf, READ, type StoredDocument, toStored } from './stored-document.js';
import { writeClaims } from './write-claims.js';

export interface MongoStoreOptions {
  /** A MongoDB connection string. */
  readonly uri: string;
  /** Default: the one that the connection string names, else "facet". */
  readonly database?: string;
}

type Stored = MongoCollection<StoredDocument>;

const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 50;
const MOST_KEYS_AT_ONCE = 1_000;

/** A store in a MongoDB database, or in one of an engine that speaks its protocol. Throws where `uri` is malformed. */
export function createMongoStore({ uri, database }: MongoStoreOptions): Store {
  const connection = createMongoConnection(uri, database);
  const collections = createCollections(connection);
  const turns = createTurns();
  let closed = false;

  /** Runs what a caller asks for; where it gives up the driver's own limits end what is on the way. */
  function run<T, B>(
    collection: Collection<B>,
    { signal }: Wait,
    use: (stored: Stored) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const attempts = async () => {
      const stored = await collections.get(collection);
      for (let attempt = 1; ; attempt++) {
        try {
          return await use(stored);
        } catch (error) {
          if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw toStoreError(error);
        }
        await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS), signal);
      }
    };
    return orAborted(attempts(), signal);
  }

  const watches = createWatches(async (collection, keys) => {
    const found = [];
    for (let i = 0; i < keys.length; i += MOST_KEYS_AT_ONCE) {
      const some = keys.slice(i, i + MOST_KEYS_AT_ONCE).filter(isStorableKey);
      const tenants = [...new Set(some.map(({ tenant }) => tenant))];
      const filter = { tenant: { $in: tenants }, _id: { $in: some.map(idOf) } };
      found.push(
        ...(await run(collection, {}, (stored) =>
          stored.find(filter, { projection: { revision: 1 } }).toArray(),
        )),
      );
    }
    return found.map(({ _id, revision }) => ({ ...keyOf(_id), revision }));
  }, createPush(connection));

  function written<B>(collection: Collection<B>, { tenant, id }: Key, revision: number): void {
    watches.written(collection, { tenant, id, revision });
  }

  return {
    name: 'mongo',
    watch: watches.watch,

    async open(opened, { signal } = {}) {
      if (closed) throw new StoreUnavailableError('the store is closed');
      for (const collection of opened) collections.open(collection);
      const made = Promise.all(opened.map((collection) => collections.get(collection)));
      await orAborted(made, signal).catch((error) => {
        if (!(error instanceof StoreUnavailableError)) throw error;
      });
    },

    async insert(collection, { tenant, id }, body, wait = {}) {
      const key = { tenant, id };
      const document = indexDocument(collection, key, body);
      const inserted = toStored(key, 1, document);
      return run(collection, wait, async (stored) => {
        const write = () => stored.insertOne(inserted);
        await writeClaims(stored, turns, { key, claims: document.claims, isNew: true, write }, wait.signal);
        written(collection, key, 1);
        return { tenant, id, revision: 1, body: bodyOf(collection, JSON.parse(document.json)) };
      });
    },

    async get(collection, key, wait = {}) {
      if (!isStorableKey(key)) return undefined;
      return run(collection, wait, (stored) => readOne(stored, collection, at(key)));
    },

    async getMany(collection, tenant, ids, wait = {}) {
      const keys = ids.map((id) => ({ tenant, id })).filter(isStorableKey);
      if (keys.length === 0) return [];
      const filter = { tenant: { $eq: tenant }, _id: { $in: keys.map(idOf) } };
      const found = await run(collection, wait, (stored) => readMany(stored, collection, filter));
      return inOrder(found, ids);
    },

    async getByClaim(collection, tenant, claim, wait = {}) {
      if (!isStorable(tenant) || !isStorable(claim)) return undefined;
      const filter = { tenant: { $eq: tenant }, claims: { $eq: claim } };
      return run(collection, wait, (stored) => readOne(stored, collection, filter as object));
    },

    async find(collection, query, wait = {}) {
      if (!canMatch(collection, query) || query.limit === 0) return [];
      return run(collection, wait, (stored) => findPage(stored, collection, query));
    },

    async count(collection, query, wait = {}) {
      if (!canMatch(collection, query)) return 0;
      return run(collection, wait, (stored) => stored.countDocuments(filterOf(query)));
    },

    async replace(collection, current, body, wait = {}) {
      const { tenant, id, revision } = current;
      const document = indexDocument(collection, current, body);
      const replacement = toStored({ tenant, id }, revision + 1, document);
      return run(collection, wait, async (stored) => {
        const write = () => stored.replaceOne({ ...at(current), revision: { $eq: revision } }, replacement);
        const claiming = { key: current, claims: document.claims, isNew: false, write };
        const { matchedCount } = await writeClaims(stored, turns, claiming, wait.signal);
        if (matchedCount === 0) return undefined;
        written(collection, current, revision + 1);
        return { tenant, id, revision: revision + 1, body: bodyOf(collection, JSON.parse(document.json)) };
      });
    },

    async remove(collection, key, revision, wait = {}) {
      if (!isStorableKey(key)) return false;
      return run(collection, wait, async (stored) => {
        const filter = { ...at(key), ...(revision === undefined ? {} : { revision: { $eq: revision } }) };
        // Engines on PostgreSQL delete nothing where another write replaces the document at that moment.
        while ((await stored.deleteOne(filter)).deletedCount === 0) {
          if ((await stored.findOne(filter, { projection: { _id: 1 } })) === null) return false;
        }
        written(collection, key, 0);
        return true;
      });
    },

    async ping({ signal } = {}) {
      signal?.throwIfAborted();
      const answer = connection.database().then((database) => database.command({ ping: 1 }));
      await orAborted(answer, signal).catch((error) => {
        throw toStoreError(error);
      });
    },

    async inspect(inspected, { signal } = {}) {
      const found = connection.database().then((database) => inspectDatabase(database, inspected));
      return orAborted(found, signal).catch((error) => {
        throw toStoreError(error);
      });
    },

    async close() {
      closed = true;
      watches.close();
      await connection.close();
    },
  };
}

/** Every filter begins with the tenant, which as shard key sends it to one shard. */
function at({ tenant, id }: Key) {
  return { tenant: { $eq: tenant }, _id: { $eq: idOf({ tenant, id }) } };
}

async function readOne<B>(
  stored: Stored,
  collection: Collection<B>,
  filter: Filter<StoredDocument>,
): Promise<Document<B> | undefined> {
  const found = await stored.findOne(filter, { projection: READ });
  return found === null ? undefined : fromStored(collection, found);
}
