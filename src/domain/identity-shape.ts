import { BLANK_IDENTITY } from './blank-identity.js';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord } from './identity.js';
import type { RequestClaim } from './request-claim.js';

/** What records of schema version 1 had otherwise. */
interface FirstShape {
  readonly request?: RequestClaim | null;
}

/** The record in today's shape, whatever version wrote it; written back with its next change. */
export function currentIdentity(stored: IdentityRecord): IdentityRecord {
  if (stored.schemaVersion === IDENTITY_SCHEMA_VERSION) return stored;
  const { request = null, ...record } = stored as IdentityRecord & FirstShape;
  const requests = request === null ? {} : { requests: [request] };
  const added = { ...BLANK_IDENTITY, stateChangeTime: stored.createTime };
  return { ...added, ...record, ...requests, schemaVersion: IDENTITY_SCHEMA_VERSION };
}
