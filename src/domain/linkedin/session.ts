import type { Challenge } from './challenge.js';
import type { LoginError } from './login-error.js';

/** What the record looks like; raised when its shape changes. */
export const SESSION_SCHEMA_VERSION = 1;

export const OPEN_STATES = ['queued', 'connecting', 'verification_required', 'verifying'] as const;
export const FINAL_STATES = ['connected', 'failed', 'expired', 'cancelled'] as const;
export type SessionState = (typeof OPEN_STATES)[number] | (typeof FINAL_STATES)[number];

/** Who works on a session. Whoever holds the newest token may change it, others are ignored. */
export interface Lease {
  readonly owner: string;
  readonly token: number;
  /** Milliseconds since the epoch; later, another may take over. */
  readonly until: number;
}

/** One entry of the session's log: what watchers are told, and the session's visible state after it. */
export interface LogEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly type: 'state_changed' | 'challenge' | 'code_result';
  readonly at: number;
  readonly state: SessionState;
  readonly challenge: Challenge | null;
  readonly error: LoginError | null;
  readonly deadline: number | null;
}

/**
 * How far the end of a session has been carried over: nowhere yet, into the identity's connection (and its
 * secrets erased), or to the connector as well.
 */
export type Settlement = 'none' | 'reflected' | 'done';

/** The caller's key under which a login can be repeated, and what was asked under it. */
export interface LoginRequestClaim {
  readonly key: string;
  /** Keyed hash of all but the password, of which nothing stays when the login has ended. */
  readonly fingerprint: string;
}

/** One login to LinkedIn: one document. Times are milliseconds since the epoch; what is not set is null. */
export interface SessionRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly tenant: string;
  readonly identityId: string;
  /** The stable id of the identity's LinkedIn slot. */
  readonly profileId: string;
  readonly state: SessionState;
  /** The number of the newest log entry. */
  readonly sequence: number;
  /** The newest entries, oldest first. */
  readonly log: readonly LogEntry[];
  readonly connector: string;
  /** Whether that connector can begin anew what a lost worker began. */
  readonly restartSafe: boolean;
  /** The connector's name for the account that this login makes or renews. */
  readonly ref: string | null;
  /** The account that the identity was connected with when the login began. */
  readonly storedRef: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string | null;
  /** Bounds the wait in the queue, and the wait for the person. */
  readonly maxWaitMs: number;
  /** Keyed hash of the credentials while the session is open; null for a login without. */
  readonly fingerprint: string | null;
  /** Where the sealed credentials are; null for a login without. */
  readonly secretId: string | null;
  /** Absent in sessions of before it was written down, which are gone within a day. */
  readonly request?: LoginRequestClaim | null;
  readonly codeSecretId: string | null;
  readonly challenge: Challenge | null;
  readonly challenges: number;
  readonly firstChallengeAt: number | null;
  /** Codes handed in, and those of them that were refused. */
  readonly codes: number;
  readonly wrongCodes: number;
  readonly resends: number;
  readonly error: LoginError | null;
  readonly lease: Lease | null;
  /** The newest lease token given out. */
  readonly fence: number;
  /** How often a worker has begun this login. */
  readonly attempts: number;
  /** Whether LinkedIn may have heard of this attempt. */
  readonly externalCall: boolean;
  readonly connectingAt: number | null;
  readonly settlement: Settlement;
  /** When a failed clean-up is tried again. */
  readonly retryAt: number | null;
  /** When the document goes; set at the end. */
  readonly removeAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a login begins with. */
export type NewSession = Pick<
  SessionRecord,
  | 'id'
  | 'tenant'
  | 'identityId'
  | 'profileId'
  | 'connector'
  | 'restartSafe'
  | 'storedRef'
  | 'country'
  | 'maxWaitMs'
  | 'fingerprint'
  | 'secretId'
  | 'request'
>;

/** A queued session with its first log entry. */
export function newSession(given: NewSession, now: number): SessionRecord {
  const entry: LogEntry = {
    sequence: 1,
    type: 'state_changed',
    at: now,
    state: 'queued',
    challenge: null,
    error: null,
    deadline: now + given.maxWaitMs,
  };
  return {
    schemaVersion: SESSION_SCHEMA_VERSION,
    ...given,
    state: 'queued',
    sequence: 1,
    log: [entry],
    ref: null,
    codeSecretId: null,
    challenge: null,
    challenges: 0,
    firstChallengeAt: null,
    codes: 0,
    wrongCodes: 0,
    resends: 0,
    error: null,
    lease: null,
    fence: 0,
    attempts: 0,
    externalCall: false,
    connectingAt: null,
    settlement: 'none',
    retryAt: null,
    removeAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Whether the session has ended. */
export function isFinal(session: Pick<SessionRecord, 'state'>): boolean {
  return (FINAL_STATES as readonly SessionState[]).includes(session.state);
}
