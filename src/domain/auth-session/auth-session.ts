import type { CredentialType } from '../credential/credential.js';
import type { IdentityRecord } from '../identity.js';
import { firstExpiry } from './session-times.js';

export const AUTH_SESSION_SCHEMA_VERSION = 1;

/** Authenticator assurance level, after NIST SP 800-63B: one factor or two. */
export type AssuranceLevel = 'aal1' | 'aal2';

/** A factor that was checked, and the level that it led to. */
export interface AuthenticationMethod {
  readonly method: CredentialType;
  readonly aal: AssuranceLevel;
  readonly completedAt: string;
}

/** Where a session is used, as told by whoever opened it. */
export interface SessionDevice {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly location: string | null;
}

/** That an identity has signed in. Times are RFC 3339 in UTC with milliseconds. */
export interface AuthSessionRecord {
  readonly schemaVersion: number;
  /** UUIDv7. */
  readonly id: string;
  readonly tenant: string;
  readonly identityId: string;
  /** SHA-256 of the token, hexadecimal; the token itself is not kept. */
  readonly tokenHash: string;
  /** That of the identity when it was authenticated: with another one, the session holds no more. */
  readonly epoch: number;
  /** In the order in which they were completed; never empty. */
  readonly methods: readonly AuthenticationMethod[];
  readonly devices: readonly SessionDevice[];
  readonly issuedAt: string;
  /** When the last factor was checked. */
  readonly authenticatedAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}

/** What a session begins with; ids and hashes are drawn before. */
export interface NewAuthSession {
  readonly id: string;
  readonly tenant: string;
  readonly identityId: string;
  readonly tokenHash: string;
  readonly epoch: number;
  readonly method: CredentialType;
  readonly aal: AssuranceLevel;
  readonly device: SessionDevice | null;
}

export function newAuthSession(given: NewAuthSession, now: Date): AuthSessionRecord {
  const { method, aal, device, ...rest } = given;
  const time = now.toISOString();
  return {
    schemaVersion: AUTH_SESSION_SCHEMA_VERSION,
    ...rest,
    methods: [{ method, aal, completedAt: time }],
    devices: device === null ? [] : [device],
    issuedAt: time,
    authenticatedAt: time,
    expiresAt: firstExpiry(now),
    revokedAt: null,
  };
}

/** When the session ends or has ended by itself, in milliseconds since the epoch. */
export function endsAt({ revokedAt, expiresAt }: AuthSessionRecord): number {
  return Date.parse(revokedAt ?? expiresAt);
}

/** Whether the session itself goes on, whatever has become of its identity. */
export function isRunning(session: AuthSessionRecord, now: Date): boolean {
  return endsAt(session) > now.getTime();
}

/** Whether the session holds: its identity must have been in use ever since, under the id that signed in. */
export function holds(session: AuthSessionRecord, identity: IdentityRecord, now: Date): boolean {
  return (
    isRunning(session, now) &&
    identity.id === session.identityId &&
    identity.state === 'active' &&
    identity.sessionEpoch === session.epoch
  );
}
