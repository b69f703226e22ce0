import { type IndexDescription, type Collection as MongoCollection, MongoServerError } from 'mongodb';
import { StoreCorruptError } from '../errors.js';
import type { Collection } from '../store.js';
import type { MongoConnection } from './connection.js';
import { toStoreError } from './mongo-error.js';
import type { StoredDocument } from './stored-document.js';

/** The opened collections, each with its indexes before it is first used. */
export interface Collections {
  open(collection: Collection<never>): void;
  /** Throws StoreUnavailableError, StoreCorruptError where the data do not fit the indexes. */
  get(collection: Collection<never>): Promise<MongoCollection<StoredDocument>>;
}

const NAME = /^[a-z][a-z0-9_]{0,62}$/i;
/** Answers to createIndexes that say that the data or other indexes stand in the way. */
const IN_THE_WAY: ReadonlySet<unknown> = new Set([11000, 85, 86]);
/** The same, in the words of DocumentDB, which has no code for it. */
const EXCLUSION = /could not create exclusion constraint/;

/** The indexes that a collection's queries go by. */
export function indexesOf(collection: Collection<never>): IndexDescription[] {
  return [
    // On a sharded collection a unique index begins with the shard key.
    { key: { tenant: 1, claims: 1 }, unique: true },
    { key: { tenant: 1, tokens: 1 } },
    ...Object.keys(collection.fields).map((field) => ({
      key: { tenant: 1, [`fields.${field}`]: 1, _id: 1 },
    })),
    ...(collection.everyTenant ?? []).map((field) => ({ key: { [`fields.${field}`]: 1, _id: 1 } })),
  ];
}

export function createCollections(connection: MongoConnection): Collections {
  const opened = new Map<string, Collection<never>>();
  const ready = new Map<string, Promise<MongoCollection<StoredDocument>>>();

  async function prepare(collection: Collection<never>): Promise<MongoCollection<StoredDocument>> {
    const database = await connection.database();
    const made = database.collection<StoredDocument>(collection.name);
    try {
      await made.createIndexes(indexesOf(collection));
      return made;
    } catch (error) {
      if (
        error instanceof MongoServerError &&
        (IN_THE_WAY.has(error.code) || EXCLUSION.test(error.message))
      ) {
        throw new StoreCorruptError(`the collection ${collection.name} is not one of ours`, { cause: error });
      }
      throw toStoreError(error);
    }
  }

  return {
    open(collection) {
      for (const name of [collection.name, ...Object.keys(collection.fields)]) {
        if (!NAME.test(name)) throw new TypeError(`"${name}" cannot name a collection or field`);
      }
      opened.set(collection.name, collection);
      ready.delete(collection.name);
    },
    get({ name }) {
      const collection = opened.get(name);
      if (collection === undefined)
        return Promise.reject(new TypeError(`the collection ${name} is not open`));
      let made = ready.get(name);
      if (made === undefined) {
        made = prepare(collection);
        ready.set(name, made);
        made.catch(() => ready.delete(name));
      }
      return made;
    },
  };
}
