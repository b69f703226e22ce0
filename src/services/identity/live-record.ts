import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import { currentIdentity } from '../../domain/identity-shape.js';

/** The record to be changed. Throws IDENTITY_NOT_FOUND for what is left of a deleted or merged one. */
export function liveRecord(stored: StoredIdentity | undefined): IdentityRecord {
  if (stored?.kind !== 'identity') throw new FacetError('IDENTITY_NOT_FOUND');
  return currentIdentity(stored);
}

/** The record to be read: also that of an identity whose merge is not decided. Throws IDENTITY_NOT_FOUND. */
export function shownRecord(stored: StoredIdentity | undefined): IdentityRecord {
  const undecided = stored?.kind === 'merged' ? stored.source : null;
  return undecided === null ? liveRecord(stored) : currentIdentity(undecided);
}
