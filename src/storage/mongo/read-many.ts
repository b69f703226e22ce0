import { BSON, type Filter, type FindOptions, type Collection as MongoCollection } from 'mongodb';
import type { Collection, Found } from '../store.js';
import { fromStored, READ, type ReadDocument, type StoredDocument } from './stored-document.js';

/** The documents that a filter finds. They come as bytes, which tell their size. */
export async function readMany<B>(
  stored: MongoCollection<StoredDocument>,
  collection: Collection<B>,
  filter: Filter<StoredDocument>,
  options: FindOptions = {},
): Promise<Found<B>[]> {
  const found = stored.find<Uint8Array>(filter, { ...options, projection: READ, raw: true });
  return (await found.toArray()).map((bytes) => {
    const document = fromStored(collection, BSON.deserialize(bytes) as ReadDocument);
    return { ...document, size: bytes.length };
  });
}
