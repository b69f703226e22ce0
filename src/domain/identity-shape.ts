import { NO_AGENTS } from './agents.js';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord, type RequestClaim } from './identity.js';

/** What records of schema version 1 had otherwise. */
interface FirstShape {
  readonly request?: RequestClaim | null;
}

/** A record of schema version 2: the parts of version 3 may be missing. */
type SecondShape = Omit<IdentityRecord, 'agents'> & Partial<Pick<IdentityRecord, 'agents'>>;

/** The record in today's shape, whatever version wrote it; written back with its next change. */
export function currentIdentity(stored: IdentityRecord): IdentityRecord {
  if (stored.schemaVersion === IDENTITY_SCHEMA_VERSION) return stored;
  const second: SecondShape = stored.schemaVersion < 2 ? fromFirst(stored) : stored;
  return { agents: NO_AGENTS, ...second, schemaVersion: IDENTITY_SCHEMA_VERSION };
}

function fromFirst(stored: SecondShape): SecondShape {
  const { request = null, ...record } = stored as SecondShape & FirstShape;
  return { ...record, uuid: null, contacts: [], mailbox: null, requests: request === null ? [] : [request] };
}
