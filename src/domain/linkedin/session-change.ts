import { type Challenge, isPolled, type RaisedChallenge } from './challenge.js';
import { type LoginError, type LoginErrorCode, loginError } from './login-error.js';
import type { Lease, LogEntry, SessionRecord, SessionState } from './session.js';
import { deadlineOf } from './session-due.js';
import { KEPT_MS, LEASE_MS, LOG_KEPT, MAX_WRONG_CODES } from './session-limits.js';

/** The session with the change, and an entry in its log that tells of it. */
export function logged(
  session: SessionRecord,
  now: number,
  type: LogEntry['type'],
  change: Partial<SessionRecord>,
): SessionRecord {
  const at = Math.max(now, session.updatedAt);
  const next = { ...session, ...change, sequence: session.sequence + 1, updatedAt: at };
  const { sequence, state, challenge, error } = next;
  const entry: LogEntry = { sequence, type, at, state, challenge, error, deadline: deadlineOf(next) };
  return { ...next, log: [...session.log, entry].slice(-LOG_KEPT) };
}

/** The session in a final state, with nothing left that only an open one needs. */
export function ended(
  session: SessionRecord,
  now: number,
  state: SessionState,
  error: LoginError | null,
): SessionRecord {
  return logged(session, now, 'state_changed', {
    state,
    error,
    challenge: null,
    lease: null,
    fingerprint: null,
    codeSecretId: null,
    removeAt: now + KEPT_MS,
  });
}

/** The session ended by its deadline; unchanged before. */
export function expired(session: SessionRecord, now: number, code: LoginErrorCode): SessionRecord {
  return isPast(session, now) ? ended(session, now, 'expired', loginError(code)) : session;
}

/** Whether the session's deadline has come. */
export function isPast(session: SessionRecord, now: number): boolean {
  const deadline = deadlineOf(session);
  return deadline !== null && now >= deadline;
}

/** Whether nobody holds the session, or no longer. */
export function isLeaseOver(session: SessionRecord, now: number): boolean {
  return session.lease === null || now >= session.lease.until;
}

/** A lease of the owner's, with a token that no earlier one had. */
export function leased(
  session: SessionRecord,
  owner: string,
  now: number,
): Pick<SessionRecord, 'lease' | 'fence'> {
  const token = session.fence + 1;
  return { lease: { owner, token, until: now + LEASE_MS }, fence: token };
}

/** The session waiting for the person to meet a new challenge. */
export function raised(session: SessionRecord, challenge: RaisedChallenge, now: number): SessionRecord {
  const { type, channel, needsCode, options, expiresAt } = challenge;
  const seq = session.challenges + 1;
  const attemptsLeft = MAX_WRONG_CODES - session.wrongCodes;
  const next: Challenge = { seq, type, channel, needsCode, options, expiresAt, attemptsLeft };
  return logged(session, now, 'challenge', {
    state: 'verification_required',
    challenge: next,
    challenges: seq,
    firstChallengeAt: session.firstChallengeAt ?? now,
    codeSecretId: null,
    error: null,
    lease: keptFor(next, session.lease),
  });
}

/** The session waiting for another code, or failed where there have been too many. */
export function asksAgain(session: SessionRecord, now: number, code: LoginErrorCode): SessionRecord {
  const wrongCodes = session.wrongCodes + 1;
  if (wrongCodes >= MAX_WRONG_CODES) return ended(session, now, 'failed', loginError('too_many_attempts'));
  const challenge = { ...session.challenge!, attemptsLeft: MAX_WRONG_CODES - wrongCodes };
  return logged(session, now, 'code_result', {
    state: 'verification_required',
    wrongCodes,
    challenge,
    codeSecretId: null,
    error: loginError(code),
    lease: keptFor(challenge, session.lease),
  });
}

/** Nobody needs to hold a session that only waits for the person to hand a code in. */
function keptFor(challenge: Challenge, lease: Lease | null): Lease | null {
  return isPolled(challenge) ? lease : null;
}
