import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RaisedChallenge } from '../../src/domain/linkedin/challenge.js';
import { loginError } from '../../src/domain/linkedin/login-error.js';
import {
  FINAL_STATES,
  isFinal,
  newSession,
  OPEN_STATES,
  type SessionRecord,
  type SessionState,
} from '../../src/domain/linkedin/session.js';
import { deadlineOf, dueAt } from '../../src/domain/linkedin/session-due.js';
import type { SessionEvent, SessionEventType } from '../../src/domain/linkedin/session-event.js';
import { LEASE_MS, LOG_KEPT, MAX_RESENDS } from '../../src/domain/linkedin/session-limits.js';
import { transition } from '../../src/domain/linkedin/session-machine.js';
import { sessionView, sessionViewAt } from '../../src/domain/linkedin/session-view.js';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const CODE: RaisedChallenge = {
  type: 'two_factor',
  channel: 'app',
  needsCode: true,
  options: [],
  expiresAt: NOW + 5 * MINUTE,
};
const IN_APP: RaisedChallenge = { ...CODE, type: 'in_app', needsCode: false };

const queued = newSession(
  {
    id: 'sess_1',
    tenant: 'acme',
    identityId: 'i1',
    profileId: 'li_i1',
    connector: 'simulated',
    restartSafe: true,
    storedRef: null,
    country: null,
    maxWaitMs: 10 * MINUTE,
    fingerprint: 'k.fingerprint',
    secretId: 'sess_1.secret',
  },
  NOW,
);

function after(session: SessionRecord, event: SessionEvent, now = NOW): SessionRecord {
  const result = transition(session, event, now);
  if ('refused' in result) throw new Error(`${event.type} in ${session.state}: ${result.refused}`);
  return result.session;
}

function refusal(session: SessionRecord, event: SessionEvent, now = NOW): string | undefined {
  const result = transition(session, event, now);
  return 'refused' in result ? result.refused : undefined;
}

const connecting = after(queued, { type: 'claimed', owner: 'a' });
const challenged = after(connecting, { type: 'challenged', token: 1, ref: 'r', challenge: CODE });
const inApp = after(connecting, { type: 'challenged', token: 1, ref: 'r', challenge: IN_APP });
const submitted = { type: 'code_submitted', owner: 'b', secretId: 'sess_1.code', codes: 0 } as const;
const verifying = after(challenged, submitted);

const SAMPLES: Record<SessionState, SessionRecord> = {
  queued,
  connecting,
  verification_required: challenged,
  verifying,
  connected: after(connecting, { type: 'connected', token: 1, ref: 'r' }),
  failed: after(connecting, { type: 'rejected', token: 1, error: loginError('invalid_credentials') }),
  expired: after(queued, { type: 'deadline_passed' }, NOW + 10 * MINUTE),
  cancelled: after(queued, { type: 'cancelled' }),
};

/** Each event as the sample of the state would see it, with the sample's own token. */
const EVENTS: Record<SessionEventType, (session: SessionRecord) => SessionEvent> = {
  claimed: () => ({ type: 'claimed', owner: 'c' }),
  taken_over: () => ({ type: 'taken_over', owner: 'c' }),
  lease_lost: () => ({ type: 'lease_lost' }),
  lease_renewed: ({ lease }) => ({ type: 'lease_renewed', token: lease?.token ?? 0 }),
  lease_released: ({ lease }) => ({ type: 'lease_released', token: lease?.token ?? 0 }),
  external_call_started: ({ lease }) => ({ type: 'external_call_started', token: lease?.token ?? 0 }),
  pending: ({ lease }) => ({ type: 'pending', token: lease?.token ?? 0, ref: 'r2' }),
  connected: ({ lease }) => ({ type: 'connected', token: lease?.token ?? 0, ref: 'r2' }),
  challenged: ({ lease }) => ({ type: 'challenged', token: lease?.token ?? 0, ref: 'r2', challenge: CODE }),
  rejected: ({ lease }) => ({
    type: 'rejected',
    token: lease?.token ?? 0,
    error: loginError('rate_limited'),
  }),
  code_refused: ({ lease }) => ({ type: 'code_refused', token: lease?.token ?? 0 }),
  code_undecided: ({ lease }) => ({ type: 'code_undecided', token: lease?.token ?? 0 }),
  code_submitted: ({ codes }) => ({ ...submitted, codes }),
  code_resent: () => ({ type: 'code_resent' }),
  deadline_passed: () => ({ type: 'deadline_passed' }),
  cancelled: () => ({ type: 'cancelled' }),
  reflected: () => ({ type: 'reflected', done: true }),
  cleaned_up: () => ({ type: 'cleaned_up' }),
  clean_up_failed: () => ({ type: 'clean_up_failed' }),
  orphaned: () => ({ type: 'orphaned' }),
};
const TYPES = Object.keys(EVENTS) as SessionEventType[];

/** What every pair comes to while leases and deadlines hold: the state after it, or the refusal. */
const OPEN_TABLE: Record<(typeof OPEN_STATES)[number], Partial<Record<SessionEventType, string>>> = {
  queued: { claimed: 'connecting', deadline_passed: 'queued', cancelled: 'cancelled' },
  connecting: {
    lease_lost: 'connecting',
    lease_renewed: 'connecting',
    lease_released: 'connecting',
    external_call_started: 'connecting',
    pending: 'connecting',
    connected: 'connected',
    challenged: 'verification_required',
    rejected: 'failed',
    deadline_passed: 'connecting',
    cancelled: 'cancelled',
  },
  // The sample waits for a code, so nobody holds it and no worker's word counts.
  verification_required: {
    taken_over: 'WRONG_STATE',
    code_submitted: 'verifying',
    code_resent: 'verification_required',
    deadline_passed: 'verification_required',
    cancelled: 'cancelled',
  },
  verifying: {
    taken_over: 'WRONG_STATE',
    lease_renewed: 'verifying',
    lease_released: 'verifying',
    pending: 'verifying',
    connected: 'connected',
    challenged: 'verification_required',
    rejected: 'failed',
    code_refused: 'verification_required',
    code_undecided: 'verification_required',
    deadline_passed: 'verifying',
    cancelled: 'cancelled',
  },
};
const WORKER = new Set<SessionEventType>([
  'lease_renewed',
  'lease_released',
  'external_call_started',
  'pending',
  'connected',
  'challenged',
  'rejected',
  'code_refused',
  'code_undecided',
]);
const SETTLING = new Set<SessionEventType>(['reflected', 'cleaned_up', 'clean_up_failed', 'orphaned']);

function expected(state: SessionState, type: SessionEventType): string {
  if ((FINAL_STATES as readonly string[]).includes(state))
    return SETTLING.has(type) ? state : 'SESSION_CLOSED';
  const known = OPEN_TABLE[state as (typeof OPEN_STATES)[number]][type];
  if (known !== undefined) return known;
  if (WORKER.has(type) && (state === 'queued' || state === 'verification_required')) return 'LEASE_LOST';
  return type === 'code_submitted' || type === 'code_resent' ? 'CODE_NOT_EXPECTED' : 'WRONG_STATE';
}

const test = suite('linkedin session machine');

for (const state of [...OPEN_STATES, ...FINAL_STATES]) {
  for (const type of TYPES) {
    test(`${type} in ${state} comes to ${expected(state, type)}`, () => {
      const session = SAMPLES[state];
      const before = JSON.stringify(session);
      const result = transition(session, EVENTS[type](session), NOW);
      assert.is('refused' in result ? result.refused : result.session.state, expected(state, type));
      assert.is(JSON.stringify(session), before);
    });
  }
}

for (const type of WORKER) {
  test(`${type} with an old token is ignored`, () => {
    for (const session of [connecting, verifying, inApp]) {
      assert.is(refusal(session, { ...EVENTS[type](session), token: 0 } as SessionEvent), 'LEASE_LOST');
    }
  });
}

test('an approval elsewhere connects a session that is polled', () => {
  assert.is(after(inApp, { type: 'connected', token: 1, ref: 'r' }).state, 'connected');
  assert.is(refusal(inApp, submitted), 'CODE_NOT_EXPECTED');
  assert.is(refusal(inApp, { type: 'code_resent' }), 'CODE_NOT_EXPECTED');
});

test('a lost lease is given back to the queue only before LinkedIn has heard of the login', () => {
  const late = NOW + LEASE_MS;
  const lost = { type: 'lease_lost' } as const;
  assert.is(after(connecting, lost, late - 1), connecting);
  assert.is(after(connecting, lost, late).state, 'queued');
  const called = after(connecting, { type: 'external_call_started', token: 1 });
  assert.is(after(called, lost, late).error?.code, 'worker_lost');
  assert.is(after({ ...connecting, restartSafe: false }, lost, late).error?.code, 'worker_lost');
});

test('a login is begun three times and no more', () => {
  let session = queued;
  for (let attempt = 1; attempt <= 3; attempt++) {
    assert.is(session.state, 'queued');
    session = after(session, { type: 'claimed', owner: 'a' });
    assert.is(session.lease?.token, attempt);
    session = after(session, { type: 'lease_lost' }, NOW + LEASE_MS);
  }
  assert.is(session.state, 'failed');
  assert.is(session.error?.code, 'worker_lost');
});

test('a lease is taken over when it has run out, not before', () => {
  const take = { type: 'taken_over', owner: 'c' } as const;
  assert.is(refusal(verifying, take, NOW + LEASE_MS - 1), 'WRONG_STATE');
  const taken = after(verifying, take, NOW + LEASE_MS);
  assert.is(taken.lease?.token, 3);
  assert.is(refusal(taken, { type: 'code_refused', token: 2 }), 'LEASE_LOST');
  assert.is(after(taken, { type: 'code_undecided', token: 3 }).error?.code, 'worker_lost');
});

test('a released lease can be taken over at once', () => {
  const free = after(verifying, { type: 'lease_released', token: 2 }, NOW + 5);
  assert.is(after(free, { type: 'taken_over', owner: 'c' }, NOW + 5).lease?.owner, 'c');
});

test('five wrong codes fail the session, whatever challenges they were for', () => {
  let session = challenged;
  for (let wrong = 1; wrong <= 5; wrong++) {
    assert.is(session.challenge?.attemptsLeft, 6 - wrong);
    session = after(session, { ...submitted, codes: session.codes });
    const token = session.lease!.token;
    session = after(session, { type: 'code_refused', token });
    if (wrong === 2) {
      assert.is(session.error?.code, 'invalid_code');
      session = after(session, { ...submitted, codes: session.codes });
      const challenge = { ...CODE, type: 'otp' } as const;
      session = after(session, { type: 'challenged', token: token + 1, ref: 'r', challenge });
      assert.is(session.challenge?.seq, 2);
      assert.is(session.error, null);
    }
  }
  assert.is(session.state, 'failed');
  assert.is(session.error?.code, 'too_many_attempts');
});

test('of two codes handed in at once the second is not expected', () => {
  assert.is(refusal(verifying, submitted), 'CODE_NOT_EXPECTED');
  const again = after(verifying, { type: 'code_refused', token: 2 });
  assert.is(refusal(again, submitted), 'CODE_NOT_EXPECTED');
  assert.is(after(again, { ...submitted, codes: 1 }).state, 'verifying');
});

test('deadlines are kept to the millisecond', () => {
  const passed = { type: 'deadline_passed' } as const;
  assert.is(after(queued, passed, NOW + 10 * MINUTE - 1), queued);
  assert.is(after(queued, passed, NOW + 10 * MINUTE).error?.code, 'no_worker');
  assert.is(after(challenged, passed, NOW + 5 * MINUTE - 1), challenged);
  const late = after(challenged, passed, NOW + 5 * MINUTE);
  assert.is(late.state, 'expired');
  assert.is(late.error?.code, 'verification_timeout');
  assert.is(refusal(challenged, submitted, NOW + 5 * MINUTE), 'CODE_NOT_EXPECTED');
  assert.is(after(connecting, passed, NOW + 10 * MINUTE).error?.code, 'provider_unavailable');
});

test('the wait for the person is bounded from the first challenge on', () => {
  const far = { ...CODE, expiresAt: NOW + 60 * MINUTE };
  let session = after(connecting, { type: 'challenged', token: 1, ref: 'r', challenge: far }, NOW + MINUTE);
  assert.is(deadlineOf(session), NOW + 11 * MINUTE);
  session = after(session, { type: 'code_resent' }, NOW + 5 * MINUTE);
  assert.is(session.challenge?.seq, 2);
  assert.is(deadlineOf(session), NOW + 11 * MINUTE);
});

test('no challenge is shown to last longer than its session', () => {
  const far = { ...CODE, expiresAt: NOW + 60 * MINUTE };
  const session = after(connecting, { type: 'challenged', token: 1, ref: 'r', challenge: far });
  for (const view of [sessionView(session), sessionViewAt(session, session.log.at(-1)!)]) {
    assert.is(view.challenge?.expireTime, new Date(NOW + 10 * MINUTE).toISOString());
    assert.is(view.challenge?.expireTime, view.expireTime);
  }
  assert.is(sessionView(challenged).challenge?.expireTime, new Date(CODE.expiresAt).toISOString());
});

test('a code that is being checked outlives the deadline unless it is forsaken', () => {
  const passed = { type: 'deadline_passed' } as const;
  let session = verifying;
  for (let at = NOW; at <= NOW + 6 * MINUTE; at += 10_000) {
    session = after(session, { type: 'lease_renewed', token: 2 }, at);
    assert.is(after(session, passed, at), session);
  }
  assert.is(after(session, passed, NOW + 6 * MINUTE + LEASE_MS), session);
  assert.is(after(session, passed, NOW + 6 * MINUTE + 2 * LEASE_MS).error?.code, 'verification_timeout');
});

test('a code can be sent again a few times only', () => {
  let session = challenged;
  for (let time = 0; time < MAX_RESENDS; time++) session = after(session, { type: 'code_resent' });
  assert.is(refusal(session, { type: 'code_resent' }), 'NO_RESENDS_LEFT');
});

test('the end leaves nothing that only an open session needs', () => {
  for (const state of FINAL_STATES) {
    const { lease, fingerprint, challenge, codeSecretId, removeAt } = SAMPLES[state];
    assert.equal([lease, fingerprint, challenge, codeSecretId], [null, null, null, null]);
    assert.ok(removeAt! >= SAMPLES[state].updatedAt + 24 * 60 * MINUTE);
  }
});

test('settling said twice or late takes nothing back', () => {
  const ended = SAMPLES.failed;
  const reflected = after(ended, { type: 'reflected', done: false });
  const failed = after(reflected, { type: 'clean_up_failed' });
  assert.is(dueAt(failed), NOW + MINUTE);
  const done = after(failed, { type: 'cleaned_up' });
  assert.is(done.settlement, 'done');
  assert.is(dueAt(done), done.removeAt);
  assert.is(after(done, { type: 'reflected', done: false }), done);
  assert.is(after(done, { type: 'clean_up_failed' }), done);
  assert.is(after(ended, { type: 'cleaned_up' }), ended);
});

test('the session of a deleted identity goes within ten minutes', () => {
  const orphan = after(SAMPLES.cancelled, { type: 'orphaned' });
  assert.is(orphan.removeAt, NOW + 10 * MINUTE);
  assert.is(after(orphan, { type: 'orphaned' }, NOW + MINUTE), orphan);
});

test('any walk keeps the log without gaps, the tokens rising and the end final', () => {
  const step = fc.record({
    type: fc.constantFrom(...TYPES),
    wait: fc.constantFrom(0, 1, 1_000, LEASE_MS, 3 * MINUTE),
    stale: fc.boolean(),
    polled: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      let session = queued;
      let now = NOW;
      for (const { type, wait, stale, polled } of steps) {
        now += wait;
        let event = EVENTS[type](session);
        if (stale && 'token' in event) event = { ...event, token: event.token - 1 };
        if (polled && event.type === 'challenged') event = { ...event, challenge: IN_APP };
        const result = transition(session, event, now);
        if ('refused' in result) continue;
        const next = result.session;
        if (isFinal(session)) assert.is(next.state, session.state);
        assert.ok(next.sequence === session.sequence || next.sequence === session.sequence + 1);
        if (next.state !== session.state) assert.is(next.sequence, session.sequence + 1);
        assert.ok(next.fence >= session.fence && next.updatedAt >= session.updatedAt);
        assert.ok(next.wrongCodes <= 5 && next.log.length <= LOG_KEPT);
        const numbers = next.log.map(({ sequence }) => sequence);
        assert.equal(
          numbers,
          [...numbers.keys()].map((index) => next.sequence - numbers.length + 1 + index),
        );
        assert.is(next.log.at(-1)!.state, next.state);
        const worked = next.state === 'connecting' || next.state === 'verifying';
        if (worked) assert.is(next.lease?.token, next.fence);
        assert.ok(Number.isFinite(dueAt(next)));
        session = next;
      }
    }),
    { numRuns: 300 },
  );
});

test('the view of a session holds no secret and no name of the connector', () => {
  for (const session of Object.values(SAMPLES)) {
    const shown = JSON.stringify(sessionView(session));
    for (const hidden of ['fingerprint', 'secret', 'code_', 'lease', '"r"', 'r2']) {
      assert.not.ok(shown.includes(hidden), hidden);
    }
  }
});

test.run();
