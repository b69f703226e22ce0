import { MongoClient } from 'mongodb';
import { identities } from '../../src/services/identity/collection.js';
import { indexDocument } from '../../src/storage/indexed-document.js';
import { type StoredDocument, toStored } from '../../src/storage/mongo/stored-document.js';
import type { Store } from '../../src/storage/store.js';
import { profile } from './profile.js';

const AT_ONCE = 1000;

/** Writes profiles through the port, many at once. */
export async function loadThrough(store: Store, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => profile(from + at));
    await Promise.all(batch.map((record) => store.insert(identities, record, record)));
  }
}

/** Writes documents as the MongoDB adapter would, in bulk: one by one they would take ten times as long. */
export async function loadInBulk(uri: string, database: string, count: number): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const collection = client.db(database).collection<StoredDocument>(identities.name);
    for (let from = 0; from < count; from += AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => profile(from + at));
      await collection.insertMany(
        batch.map((record) => toStored(record, 1, indexDocument(identities, record, record))),
      );
    }
  } finally {
    await client.close();
  }
}
