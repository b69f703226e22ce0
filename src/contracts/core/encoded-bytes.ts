import type { IdentityRecord } from '../../domain/identity.js';
import { Identity } from '../../gen/facet/v1/identity.js';
import { recordToIdentity } from './identity-view.js';

/** How much longer protobuf can be than what is kept: a number of a list takes eleven bytes, where JSON has two. */
const MOST_TIMES = 6;

/**
 * Tells what a record takes as facet.v1 at most, so that a page of `limit` stays below the 4 MiB that gRPC clients
 * receive. Only records beyond their share of the page are encoded for that: they are mapped once more.
 */
export function encodedBytes(pageBytes: number, limit: number) {
  const share = pageBytes / limit;
  return (record: IdentityRecord, storedBytes: number): number => {
    const most = storedBytes * MOST_TIMES;
    return most <= share ? most : Identity.encode(recordToIdentity(record)).finish().length;
  };
}
