import { IDENTITY_SCHEMA_VERSION, type IdentityRecord, type RequestClaim } from './identity.js';

/** What records of schema version 1 had otherwise. */
interface FirstShape {
  readonly request?: RequestClaim | null;
}

/** The record in today's shape, whatever version wrote it; written back with its next change. */
export function currentIdentity(stored: IdentityRecord): IdentityRecord {
  if (stored.schemaVersion === IDENTITY_SCHEMA_VERSION) return stored;
  const { request = null, ...record } = stored as IdentityRecord & FirstShape;
  return {
    ...record,
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    uuid: null,
    contacts: [],
    mailbox: null,
    requests: request === null ? [] : [request],
  };
}
