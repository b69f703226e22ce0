import type { Collection as MongoCollection } from 'mongodb';
import type { Document, Query } from '../store.js';
import { stretchesOf } from './filter.js';
import { fromStored, type StoredDocument } from './stored-document.js';

/** A page, put together from as many stretches of the order as it takes. */
export async function findPage<B>(
  stored: MongoCollection<StoredDocument>,
  query: Query,
): Promise<Document<B>[]> {
  const wanted = (query.offset ?? 0) + query.limit;
  const stretches = stretchesOf(query);
  const skipped = stretches.length === 1 ? (query.offset ?? 0) : 0;
  const found: StoredDocument[] = [];
  for (const { filter, sort, hint } of stretches) {
    const limit = wanted - skipped - found.length;
    if (limit === 0) break;
    const options = { sort, skip: skipped, limit, ...(hint && { hint }) };
    found.push(...(await stored.find(filter, options).toArray()));
  }
  return found.slice((query.offset ?? 0) - skipped).map(fromStored<B>);
}
