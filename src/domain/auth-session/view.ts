import type { IdentityRecord } from '../identity.js';
import {
  type AssuranceLevel,
  type AuthenticationMethod,
  type AuthSessionRecord,
  holds,
  type SessionDevice,
} from './auth-session.js';

/** A session as contracts show it: all but what its token is known by. Times are RFC 3339. */
export interface AuthSessionView {
  readonly id: string;
  readonly identityId: string;
  readonly active: boolean;
  /** The highest that was reached. */
  readonly aal: AssuranceLevel;
  readonly methods: readonly AuthenticationMethod[];
  readonly devices: readonly SessionDevice[];
  readonly issuedAt: string;
  readonly authenticatedAt: string;
  readonly expiresAt: string;
}

export function authSessionView(
  session: AuthSessionRecord,
  identity: IdentityRecord,
  now: Date,
): AuthSessionView {
  const { id, identityId, methods, devices, issuedAt, authenticatedAt, expiresAt } = session;
  const aal = methods.some((method) => method.aal === 'aal2') ? 'aal2' : 'aal1';
  const active = holds(session, identity, now);
  return { id, identityId, active, aal, methods, devices, issuedAt, authenticatedAt, expiresAt };
}
