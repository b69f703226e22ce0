import type { IdentityRecord } from '../../domain/identity.js';
import { Identity } from '../../gen/facet/v1/identity.js';
import { recordToIdentity } from './identity-view.js';

/** Records that are kept in no more than this are not encoded to be weighed. */
const SMALL_BYTES = 1024;
/** How much longer protobuf can be than what is kept: a number of a list takes eleven bytes, where JSON has two. */
const MOST_TIMES = 6;

/** What a record takes as facet.v1 at most, so that a page of them stays below the 4 MiB that gRPC clients receive. */
export function encodedBytes(record: IdentityRecord, storedBytes: number): number {
  if (storedBytes <= SMALL_BYTES) return storedBytes * MOST_TIMES;
  return Identity.encode(recordToIdentity(record)).finish().length;
}
