import { FacetError } from '../errors.js';
import { type AuthenticationMethod, type AuthSessionRecord, isRunning } from './auth-session.js';
import { laterExpiry } from './session-times.js';

/** The session with its end put off. Throws SESSION_NOT_FOUND for one that has ended. */
export function refreshed(session: AuthSessionRecord, now: Date): AuthSessionRecord {
  assertRunning(session, now);
  const expiresAt = laterExpiry(session, now);
  return expiresAt === session.expiresAt ? session : { ...session, expiresAt };
}

/** The session with another factor. It ends when it would have. Throws SESSION_NOT_FOUND for one that has ended. */
export function raised(
  session: AuthSessionRecord,
  { method, aal }: Pick<AuthenticationMethod, 'method' | 'aal'>,
  now: Date,
): AuthSessionRecord {
  assertRunning(session, now);
  const completedAt = now.toISOString();
  const methods = [...session.methods, { method, aal, completedAt }];
  return { ...session, methods, authenticatedAt: completedAt };
}

/** The session ended; the same object where it has ended before. */
export function revoked(session: AuthSessionRecord, now: Date): AuthSessionRecord {
  return isRunning(session, now) ? { ...session, revokedAt: now.toISOString() } : session;
}

function assertRunning(session: AuthSessionRecord, now: Date): void {
  if (!isRunning(session, now)) throw new FacetError('SESSION_NOT_FOUND');
}
