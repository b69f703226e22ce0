import type { Collection as MongoCollection } from 'mongodb';
import type { Collection, Found, Query } from '../store.js';
import { stretchesOf } from './filter.js';
import { readMany } from './read-many.js';
import type { StoredDocument } from './stored-document.js';

/** A page, put together from as many stretches of the order as it takes. */
export async function findPage<B>(
  stored: MongoCollection<StoredDocument>,
  collection: Collection<B>,
  query: Query,
): Promise<Found<B>[]> {
  const wanted = (query.offset ?? 0) + query.limit;
  const stretches = stretchesOf(query);
  const skipped = stretches.length === 1 ? (query.offset ?? 0) : 0;
  const found: Found<B>[] = [];
  for (const { filter, sort, hint } of stretches) {
    const limit = wanted - skipped - found.length;
    if (limit === 0) break;
    // A batch that could hold one more is the whole answer, where the driver would ask again after 101.
    const options = { sort, skip: skipped, limit, batchSize: limit + 1, ...(hint && { hint }) };
    found.push(...(await readMany(stored, collection, filter, options)));
  }
  return found.slice((query.offset ?? 0) - skipped);
}
