import { claim } from '../identity-index.js';
import { type AuthSessionRecord, endsAt } from './auth-session.js';

/** What the auth sessions are filtered by; `endsAt` is in milliseconds since the epoch. */
export const AUTH_SESSION_FIELDS = { identityId: 'text', epoch: 'number', endsAt: 'number' } as const;

/** What the one session of a token is found by. */
export function tokenClaim(hash: string): string {
  return claim('token', hash);
}

export function indexAuthSession(session: AuthSessionRecord) {
  const { identityId, epoch, tokenHash } = session;
  return {
    claims: [tokenClaim(tokenHash)],
    tokens: [],
    fields: { identityId, epoch, endsAt: endsAt(session) },
  };
}
