import type { AuthSessionOperations } from '../../services/auth-session/operations.js';
import type { Authentication } from '../../services/credential/authentication.js';
import type { CredentialOperations } from '../../services/credential/operations.js';
import type { PageTokens } from '../../services/page-token.js';
import { credentialMethods } from './credential-methods.js';
import { sessionMethods } from './session-methods.js';

/** facet.v1.CredentialService: what identities sign in with, and the sessions that this opens. */
export function credentialService(
  parts: {
    readonly credentials: CredentialOperations;
    readonly authentication: Authentication;
    readonly sessions: AuthSessionOperations;
  },
  pageTokens: PageTokens,
) {
  const { credentials, authentication, sessions } = parts;
  return { ...credentialMethods(credentials, authentication), ...sessionMethods(sessions, pageTokens) };
}
