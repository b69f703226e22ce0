import type { Collection as MongoCollection } from 'mongodb';
import { ClaimTakenError } from '../errors.js';
import type { Key } from '../store.js';
import { idOf, type StoredDocument } from './stored-document.js';

/** Which claim of a document is taken, and by whom; or its very id, where it is to be a new one. */
export async function findTaken(
  stored: MongoCollection<StoredDocument>,
  key: Key,
  claims: readonly string[],
  isNew: boolean,
): Promise<ClaimTakenError | undefined> {
  const tenant = { $eq: key.tenant };
  const own = idOf(key);
  const projection = { id: 1, claims: 1 };
  if (isNew && (await stored.findOne({ tenant, _id: { $eq: own } }, { projection })) !== null) {
    return new ClaimTakenError(undefined, key.id);
  }
  const holders = await stored
    .find({ tenant, claims: { $in: [...claims] }, _id: { $ne: own } }, { projection })
    .toArray();
  const taken = new Map(
    holders.flatMap((holder) => holder.claims.map((claim) => [claim, holder.id] as const)),
  );
  const claim = claims.find((claim) => taken.has(claim));
  return claim === undefined ? undefined : new ClaimTakenError(claim, taken.get(claim));
}
