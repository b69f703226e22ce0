import type { Reason } from '../errors.js';
import { loginError } from './login-error.js';
import { isFinal, type SessionRecord, type SessionState } from './session.js';
import { asksAgain, ended, expired, isLeaseOver, isPast, leased, logged, raised } from './session-change.js';
import type { SessionEvent, SessionEventType } from './session-event.js';
import { CLEAN_UP_RETRY_MS, LEASE_MS, MAX_ATTEMPTS, MAX_RESENDS, TOMBSTONE_MS } from './session-limits.js';

/** The session after the event (the same object where it changes nothing), or why it does not apply. */
export type Transition = { readonly session: SessionRecord } | { readonly refused: Reason };

type Rule<E extends SessionEventType> = (
  session: SessionRecord,
  event: Extract<SessionEvent, { type: E }>,
  now: number,
) => SessionRecord | Reason;
type Rules = { readonly [E in SessionEventType]?: Rule<E> };

/** What every state has in which a worker may hold the session. */
const HELD = {
  lease_renewed: (session, _event, now) => {
    return { ...session, lease: { ...session.lease!, until: now + LEASE_MS } };
  },
  lease_released: (session, _event, now) => {
    return { ...session, lease: { ...session.lease!, until: Math.min(now, session.lease!.until) } };
  },
  pending: (session, { ref }) => (session.ref === ref ? session : { ...session, ref }),
  connected: (session, { ref }, now) => ended({ ...session, ref }, now, 'connected', null),
  challenged: (session, { ref, challenge }, now) => raised({ ...session, ref }, challenge, now),
  rejected: (session, { error }, now) => ended(session, now, 'failed', error),
} satisfies Rules;

const cancelled: Rule<'cancelled'> = (session, _event, now) => ended(session, now, 'cancelled', null);

const takenOver: Rule<'taken_over'> = (session, { owner }, now) => {
  if (session.lease === null || !isLeaseOver(session, now)) return 'WRONG_STATE';
  return { ...session, ...leased(session, owner, now) };
};

const ENDED: Rules = {
  reflected: (session, { done }) => {
    if (session.settlement !== 'none') return session;
    return { ...session, settlement: done ? 'done' : 'reflected' };
  },
  cleaned_up: (session) => {
    if (session.settlement !== 'reflected') return session;
    return { ...session, settlement: 'done', retryAt: null };
  },
  clean_up_failed: (session, _event, now) => {
    if (session.settlement !== 'reflected') return session;
    return { ...session, retryAt: now + CLEAN_UP_RETRY_MS };
  },
  orphaned: (session, _event, now) => {
    const removeAt = Math.min(session.removeAt!, now + TOMBSTONE_MS);
    if (removeAt === session.removeAt && !session.request) return session;
    // The login can begin anew under its caller's key, where its identity was merged into another one.
    return { ...session, removeAt, request: null };
  },
};

/** Which event does what in which state; what is not here is refused. */
const TABLE: Readonly<Record<SessionState, Rules>> = {
  queued: {
    claimed: (session, { owner }, now) =>
      logged(session, now, 'state_changed', {
        state: 'connecting',
        ...leased(session, owner, now),
        attempts: session.attempts + 1,
        connectingAt: now,
      }),
    deadline_passed: (session, _event, now) => expired(session, now, 'no_worker'),
    cancelled,
  },
  connecting: {
    ...HELD,
    external_call_started: (session) => (session.externalCall ? session : { ...session, externalCall: true }),
    lease_lost: (session, _event, now) => {
      if (!isLeaseOver(session, now)) return session;
      const again = session.restartSafe && !session.externalCall && session.attempts < MAX_ATTEMPTS;
      if (!again) return ended(session, now, 'failed', loginError('worker_lost'));
      const queued = { state: 'queued', lease: null, ref: null, connectingAt: null } as const;
      return logged(session, now, 'state_changed', queued);
    },
    deadline_passed: (session, _event, now) => {
      return isPast(session, now)
        ? ended(session, now, 'failed', loginError('provider_unavailable'))
        : session;
    },
    cancelled,
  },
  verification_required: {
    ...HELD,
    taken_over: takenOver,
    code_submitted: (session, { owner, secretId, codes }, now) => {
      const expected = session.challenge?.needsCode && codes === session.codes && !isPast(session, now);
      if (!expected) return 'CODE_NOT_EXPECTED';
      return logged(session, now, 'state_changed', {
        state: 'verifying',
        ...leased(session, owner, now),
        codes: codes + 1,
        codeSecretId: secretId,
        error: null,
      });
    },
    code_resent: (session, _event, now) => {
      if (!session.challenge?.needsCode) return 'CODE_NOT_EXPECTED';
      if (session.resends >= MAX_RESENDS) return 'NO_RESENDS_LEFT';
      return raised({ ...session, resends: session.resends + 1 }, session.challenge, now);
    },
    deadline_passed: (session, _event, now) => expired(session, now, 'verification_timeout'),
    cancelled,
  },
  verifying: {
    ...HELD,
    taken_over: takenOver,
    code_refused: (session, _event, now) => asksAgain(session, now, 'invalid_code'),
    code_undecided: (session, _event, now) => asksAgain(session, now, 'worker_lost'),
    // A code that is being checked is let through to its result, unless nobody has taken it over for long.
    deadline_passed: (session, _event, now) => {
      const forsaken = isLeaseOver(session, now - LEASE_MS);
      return forsaken ? expired(session, now, 'verification_timeout') : session;
    },
    cancelled,
  },
  connected: ENDED,
  failed: ENDED,
  expired: ENDED,
  cancelled: ENDED,
};

/** What the event makes of the session. Pure: `now` is milliseconds since the epoch. */
export function transition(session: SessionRecord, event: SessionEvent, now: number): Transition {
  const rule = TABLE[session.state][event.type] as Rule<SessionEventType> | undefined;
  if (rule === undefined && isFinal(session)) return { refused: 'SESSION_CLOSED' };
  if ('token' in event && event.token !== session.lease?.token) return { refused: 'LEASE_LOST' };
  if (rule === undefined) return { refused: isAboutCodes(event) ? 'CODE_NOT_EXPECTED' : 'WRONG_STATE' };
  const after = rule(session, event, now);
  return typeof after === 'string' ? { refused: after } : { session: after };
}

function isAboutCodes(event: SessionEvent): boolean {
  return event.type === 'code_submitted' || event.type === 'code_resent';
}
