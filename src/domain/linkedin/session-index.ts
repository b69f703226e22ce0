import { claim } from '../identity-index.js';
import { isFinal, type SessionRecord } from './session.js';
import { dueAt } from './session-due.js';

/** What the sessions collection filters and sorts by; times are milliseconds since the epoch. */
export const SESSION_FIELDS = {
  state: 'text',
  connector: 'text',
  identityId: 'text',
  createdAt: 'number',
  dueAt: 'number',
} as const;

/** Held by the one session of an identity that is open, or has ended without its connection showing it. */
export function openLoginClaim(identityId: string): string {
  return claim('open_login', identityId);
}

/** Held by the session that was begun under a caller's key, for as long as it is kept and its identity is there. */
export function loginRequestClaim(key: string): string {
  return claim('login_request', key);
}

export function indexSession(session: SessionRecord) {
  const claims = [claim('id', session.id)];
  if (!isFinal(session) || session.settlement === 'none') claims.push(openLoginClaim(session.identityId));
  if (session.request) claims.push(loginRequestClaim(session.request.key));
  const { state, connector, identityId, createdAt } = session;
  return { claims, tokens: [], fields: { state, connector, identityId, createdAt, dueAt: dueAt(session) } };
}
