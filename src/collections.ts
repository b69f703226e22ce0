import { authSessions } from './services/auth-session/collection.js';
import { attempts } from './services/credential/attempts.js';
import { identities } from './services/identity/collection.js';
import { keptIds } from './services/identity/kept-ids.js';
import { keys } from './services/keys/key-record.js';
import { linkedinSessions } from './services/linkedin/collection.js';
import { mailDomains } from './services/mail-domain/collection.js';
import { identitySchemas } from './services/schema/collection.js';
import { sealedSecrets } from './services/secrets/collection.js';

/** Everything that the service keeps. */
export const COLLECTIONS = [
  identities,
  authSessions,
  attempts,
  linkedinSessions,
  sealedSecrets,
  keys,
  mailDomains,
  identitySchemas,
  keptIds,
];
