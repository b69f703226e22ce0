import { NO_AGENTS } from './agents.js';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord } from './identity.js';
import type { RequestClaim } from './request-claim.js';
import { NO_TRAIT_FACTS } from './traits.js';

/** What records of schema version 1 had otherwise. */
interface FirstShape {
  readonly request?: RequestClaim | null;
}

/** What older records lack, as it is for them. */
const ADDED = {
  uuid: null,
  contacts: [],
  mailbox: null,
  requests: [],
  agents: NO_AGENTS,
  schemaId: null,
  traits: '{}',
  traitFacts: NO_TRAIT_FACTS,
  verifiableAddresses: [],
  recoveryAddresses: [],
  metadataPublic: null,
  metadataAdmin: null,
  organizationId: null,
  credentials: [],
  sessionEpoch: 0,
  sessionsEnding: false,
  absorbed: [],
  incoming: null,
};

/** The record in today's shape, whatever version wrote it; written back with its next change. */
export function currentIdentity(stored: IdentityRecord): IdentityRecord {
  if (stored.schemaVersion === IDENTITY_SCHEMA_VERSION) return stored;
  const { request = null, ...record } = stored as IdentityRecord & FirstShape;
  const requests = request === null ? {} : { requests: [request] };
  const added = { ...ADDED, stateChangeTime: stored.createTime };
  return { ...added, ...record, ...requests, schemaVersion: IDENTITY_SCHEMA_VERSION };
}
