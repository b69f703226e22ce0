import { NO_AGENTS } from './agents.js';
import { IDENTITY_SCHEMA_VERSION, type IdentityRecord } from './identity.js';
import { NO_CONNECTION } from './linkedin/connection.js';
import { NO_TRAIT_FACTS } from './traits.js';

/**
 * A record that nobody has said anything of. What is here is not kept with records, and older ones lack some of it:
 * a value that is changed here changes in all of them. Frozen, since records share it.
 */
export const BLANK_IDENTITY: IdentityRecord = frozen({
  kind: 'identity',
  schemaVersion: IDENTITY_SCHEMA_VERSION,
  id: '',
  tenant: '',
  version: 0,
  givenName: null,
  middleName: null,
  familyName: null,
  displayName: null,
  jobTitle: null,
  countryCode: null,
  tags: [],
  state: 'active',
  stateChangeTime: '',
  externalId: null,
  uuid: null,
  contacts: [],
  mailbox: null,
  agents: NO_AGENTS,
  linkedin: NO_CONNECTION,
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
  writtenBy: [],
  requests: [],
  absorbed: [],
  incoming: null,
  createTime: '',
  updateTime: '',
});

function frozen<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) frozen(member);
  return Object.freeze(value);
}
