import type { AuthSessionOperations } from '../../services/auth-session/operations.js';
import type { PageTokens } from '../../services/page-token.js';
import { sessionMethods } from './session-methods.js';

/** facet.v1.CredentialService: what identities sign in with, and the sessions that this opens. */
export function credentialService(sessions: AuthSessionOperations, pageTokens: PageTokens) {
  return { ...sessionMethods(sessions, pageTokens) };
}
