import type { Collection as MongoCollection } from 'mongodb';
import { ClaimTakenError } from '../errors.js';
import type { IndexedDocument } from '../indexed-document.js';
import type { Key } from '../store.js';
import { idOf, type StoredDocument } from './stored-document.js';

/** After a unique index has refused: which claim was taken and who holds it. No holder where that one is gone already. */
export async function findTaken(
  stored: MongoCollection<StoredDocument>,
  key: Key,
  { claims }: IndexedDocument,
  cause: unknown,
): Promise<ClaimTakenError> {
  const own = idOf(key);
  const wanted = { tenant: { $eq: key.tenant }, claims: { $in: [...claims] }, _id: { $ne: own } };
  const holders = await stored.find(wanted, { projection: { id: 1, claims: 1 } }).toArray();
  const taken = new Map(
    holders.flatMap((holder) => holder.claims.map((claim) => [claim, holder.id] as const)),
  );
  const claim = claims.find((claim) => taken.has(claim));
  return new ClaimTakenError(claim, claim && taken.get(claim), { cause });
}
