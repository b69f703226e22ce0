import { z } from 'zod';
import { CHALLENGE_CHANNELS, CHALLENGE_TYPES } from '../../domain/linkedin/challenge.js';
import {
  LOGIN_ERRORS,
  type LoginErrorCode,
  loginError,
  type RejectCode,
} from '../../domain/linkedin/login-error.js';
import type { SessionRecord } from '../../domain/linkedin/session.js';
import type { WorkerEvent } from '../../domain/linkedin/session-event.js';
import type { Outcome } from './connector.js';

const LONGEST_POLL_MS = 60_000;

const codes = Object.keys(LOGIN_ERRORS).filter(
  (code) => code !== 'no_worker' && code !== 'verification_timeout',
);
const ref = z.string().min(1).max(2048);
const text = z.string().max(500);

/** What a connector may answer; what it says beyond that is dropped. */
const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connected'), ref, profileId: text }),
  z.object({
    kind: z.literal('challenge'),
    ref,
    challenge: z.object({
      type: z.enum(CHALLENGE_TYPES).catch('unknown'),
      channel: z.enum(CHALLENGE_CHANNELS).nullable().catch(null),
      needsCode: z.boolean(),
      options: z.array(z.object({ id: text, name: text })).max(50),
      expiresAt: z.number(),
    }),
  }),
  z.object({ kind: z.literal('pending'), ref, pollAfterMs: z.number().min(0).max(LONGEST_POLL_MS) }),
  z.object({
    kind: z.literal('rejected'),
    code: z.enum(codes as [RejectCode]),
    retryable: z.boolean(),
    message: text,
  }),
]);

/** The answer where it is one, else a rejection: a connector's faults must not be the service's. */
export function readOutcome(answer: unknown): Outcome {
  const read = outcome.safeParse(answer);
  return read.success ? read.data : rejection('internal');
}

export function rejection(code: RejectCode & LoginErrorCode): Outcome {
  return { kind: 'rejected', ...loginError(code), code };
}

/** What the outcome means to the session. A challenge stands no longer than LinkedIn keeps the login waiting. */
export function eventOf(
  session: SessionRecord,
  answer: Outcome,
  token: number,
  latestExpiry: number,
): WorkerEvent {
  switch (answer.kind) {
    case 'connected':
      return { type: 'connected', token, ref: answer.ref };
    case 'pending':
      return { type: 'pending', token, ref: answer.ref };
    case 'challenge': {
      const expiresAt = Math.min(answer.challenge.expiresAt, latestExpiry);
      return { type: 'challenged', token, ref: answer.ref, challenge: { ...answer.challenge, expiresAt } };
    }
    case 'rejected': {
      if (session.state === 'verifying' && answer.code === 'invalid_code')
        return { type: 'code_refused', token };
      const { code, message, retryable } = answer;
      return { type: 'rejected', token, error: { code, message, retryable } };
    }
  }
}
