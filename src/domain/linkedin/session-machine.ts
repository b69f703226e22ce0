import type { Reason } from '../errors.js';
import { type Challenge, isPolled, type RaisedChallenge } from './challenge.js';
import { type LoginErrorCode, loginError } from './login-error.js';
import { isFinal, type Lease, type LogEntry, type SessionRecord, type SessionState } from './session.js';
import { deadlineOf } from './session-due.js';
import type { SessionEvent, SessionEventType } from './session-event.js';

export const LEASE_MS = 30_000;
/** Wrong codes that end a session. */
export const MAX_WRONG_CODES = 5;
export const MAX_RESENDS = 5;
/** How often a login is begun before it is given up. */
export const MAX_ATTEMPTS = 3;
/** Log entries kept; a watcher that is further behind gets a snapshot. */
export const LOG_KEPT = 100;
/** How long an ended session can be read. */
export const KEPT_MS = 24 * 3_600_000;
/** How long the session of a deleted identity still tells its watchers of the end. */
export const TOMBSTONE_MS = 10 * 60_000;
const CLEAN_UP_RETRY_MS = 60_000;

/** The session after the event (the same object where it changes nothing), or why it does not apply. */
export type Transition = { readonly session: SessionRecord } | { readonly refused: Reason };

type Rule<E extends SessionEventType> = (
  session: SessionRecord,
  event: Extract<SessionEvent, { type: E }>,
  now: number,
) => SessionRecord | Reason;
type Rules = { readonly [E in SessionEventType]?: Rule<E> };

const AFTER_THE_END: Rules = {
  reflected: (session, event) => ({
    ...session,
    settlement: event.done ? 'done' : 'reflected',
    retryAt: null,
  }),
  cleaned_up: (session) => ({ ...session, settlement: 'done', retryAt: null }),
  clean_up_failed: (session, _event, now) => ({ ...session, retryAt: now + CLEAN_UP_RETRY_MS }),
  orphaned: (session, _event, now) => {
    const removeAt = Math.min(session.removeAt ?? Number.POSITIVE_INFINITY, now + TOMBSTONE_MS);
    return removeAt === session.removeAt ? session : { ...session, removeAt };
  },
};

/** Which event does what in which state; what is not here is refused. */
const TABLE: Readonly<Record<SessionState, Rules>> = {
  queued: {
    claimed: (session, event, now) =>
      logged(session, now, 'state_changed', {
        state: 'connecting',
        ...leased(session, event.owner, now),
        attempts: session.attempts + 1,
        connectingAt: now,
      }),
    deadline_passed: (session, _event, now) => expired(session, now, 'no_worker'),
    cancelled,
  },
  connecting: {
    lease_renewed: renewed,
    lease_released: released,
    external_call_started: (session) => (session.externalCall ? session : { ...session, externalCall: true }),
    pending,
    connected,
    challenged,
    rejected,
    lease_lost: (session, _event, now) => {
      if (session.lease !== null && now < session.lease.until) return session;
      const again = session.restartSafe && !session.externalCall && session.attempts < MAX_ATTEMPTS;
      if (!again) return ended(session, now, 'failed', 'worker_lost');
      return logged(session, now, 'state_changed', {
        state: 'queued',
        lease: null,
        ref: null,
        connectingAt: null,
      });
    },
    deadline_passed: (session, _event, now) =>
      isPast(session, now) ? ended(session, now, 'failed', 'provider_unavailable') : session,
    cancelled,
  },
  verification_required: {
    lease_renewed: renewed,
    lease_released: released,
    taken_over: takenOver,
    pending,
    connected,
    challenged,
    rejected,
    code_submitted: (session, event, now) => {
      const awaited = session.challenge?.needsCode === true && event.codes === session.codes;
      if (!awaited || isPast(session, now)) return 'CODE_NOT_EXPECTED';
      return logged(session, now, 'state_changed', {
        state: 'verifying',
        ...leased(session, event.owner, now),
        codes: session.codes + 1,
        codeSecretId: event.secretId,
        error: null,
      });
    },
    code_resent: (session, _event, now) => {
      if (session.challenge?.needsCode !== true) return 'CODE_NOT_EXPECTED';
      if (session.resends >= MAX_RESENDS) return 'TOO_MANY_REQUESTS';
      return raised({ ...session, resends: session.resends + 1 }, session.challenge, now, {});
    },
    deadline_passed: (session, _event, now) => expired(session, now, 'verification_timeout'),
    cancelled,
  },
  verifying: {
    lease_renewed: renewed,
    lease_released: released,
    taken_over: takenOver,
    pending,
    connected,
    challenged,
    rejected,
    code_refused: (session, _event, now) => asksAgain(session, now, 'invalid_code'),
    code_undecided: (session, _event, now) => asksAgain(session, now, 'worker_lost'),
    cancelled,
  },
  connected: AFTER_THE_END,
  failed: AFTER_THE_END,
  expired: AFTER_THE_END,
  cancelled: AFTER_THE_END,
};

/** What the event makes of the session. Pure: `now` is milliseconds since the epoch. */
export function transition(session: SessionRecord, event: SessionEvent, now: number): Transition {
  const rule = TABLE[session.state][event.type] as Rule<SessionEventType> | undefined;
  if (rule === undefined && isFinal(session)) return { refused: 'SESSION_CLOSED' };
  if ('token' in event && event.token !== session.lease?.token) return { refused: 'LEASE_LOST' };
  if (rule === undefined) return { refused: aboutCodes(event) ? 'CODE_NOT_EXPECTED' : 'WRONG_STATE' };
  const after = rule(session, event, now);
  return typeof after === 'string' ? { refused: after } : { session: after };
}

function aboutCodes(event: SessionEvent): boolean {
  return event.type === 'code_submitted' || event.type === 'code_resent';
}

function renewed(session: SessionRecord, _event: unknown, now: number): SessionRecord {
  return { ...session, lease: { ...session.lease!, until: now + LEASE_MS } };
}

function released(session: SessionRecord, _event: unknown, now: number): SessionRecord {
  return { ...session, lease: { ...session.lease!, until: Math.min(now, session.lease!.until) } };
}

function takenOver(session: SessionRecord, event: { owner: string }, now: number): SessionRecord | Reason {
  if (session.lease === null || now < session.lease.until) return 'WRONG_STATE';
  return { ...session, ...leased(session, event.owner, now) };
}

function pending(session: SessionRecord, event: { ref: string }): SessionRecord {
  return session.ref === event.ref ? session : { ...session, ref: event.ref };
}

function connected(session: SessionRecord, event: { ref: string }, now: number): SessionRecord {
  return ended({ ...session, ref: event.ref }, now, 'connected', null);
}

function challenged(
  session: SessionRecord,
  event: { ref: string; challenge: RaisedChallenge },
  now: number,
): SessionRecord {
  return raised(session, event.challenge, now, { ref: event.ref });
}

function rejected(
  session: SessionRecord,
  event: { error: NonNullable<SessionRecord['error']> },
  now: number,
): SessionRecord {
  return ended(session, now, 'failed', event.error);
}

function cancelled(session: SessionRecord, _event: unknown, now: number): SessionRecord {
  return ended(session, now, 'cancelled', null);
}

function expired(session: SessionRecord, now: number, code: LoginErrorCode): SessionRecord {
  return isPast(session, now) ? ended(session, now, 'expired', code) : session;
}

function isPast(session: SessionRecord, now: number): boolean {
  const deadline = deadlineOf(session);
  return deadline !== null && now >= deadline;
}

function asksAgain(session: SessionRecord, now: number, code: LoginErrorCode): SessionRecord {
  const wrongCodes = session.wrongCodes + 1;
  if (wrongCodes >= MAX_WRONG_CODES) return ended(session, now, 'failed', 'too_many_attempts');
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

function raised(
  session: SessionRecord,
  { type, channel, needsCode, options, expiresAt }: RaisedChallenge,
  now: number,
  change: Partial<SessionRecord>,
): SessionRecord {
  const seq = session.challenges + 1;
  const attemptsLeft = MAX_WRONG_CODES - session.wrongCodes;
  const challenge: Challenge = { seq, type, channel, needsCode, options, expiresAt, attemptsLeft };
  return logged(session, now, 'challenge', {
    ...change,
    state: 'verification_required',
    challenge,
    challenges: seq,
    firstChallengeAt: session.firstChallengeAt ?? now,
    codeSecretId: null,
    error: null,
    lease: keptFor(challenge, session.lease),
  });
}

/** Nobody needs to hold a session that only waits for the person to hand a code in. */
function keptFor(challenge: Challenge, lease: Lease | null): Lease | null {
  return isPolled(challenge) ? lease : null;
}

function leased(session: SessionRecord, owner: string, now: number): Pick<SessionRecord, 'lease' | 'fence'> {
  const token = session.fence + 1;
  return { lease: { owner, token, until: now + LEASE_MS }, fence: token };
}

function ended(
  session: SessionRecord,
  now: number,
  state: SessionState,
  error: LoginErrorCode | SessionRecord['error'],
): SessionRecord {
  return logged(session, now, 'state_changed', {
    state,
    error: typeof error === 'string' ? loginError(error) : error,
    challenge: null,
    lease: null,
    fingerprint: null,
    codeSecretId: null,
    removeAt: now + KEPT_MS,
  });
}

function logged(
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
