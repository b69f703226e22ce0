import type { SessionRecord } from '../../domain/linkedin/session.js';
import { UnsealError } from '../secrets/sealing.js';
import { SecretGoneError } from '../secrets/secrets.js';
import type { Credentials, LinkedInConnector, Outcome, SecretLease } from './connector.js';
import type { LinkedInContext } from './context.js';
import { kindOf } from './error-kind.js';
import { readOutcome, rejection } from './outcome.js';
import { pause, within } from './wait.js';

/** The longest that one answer of the connector is waited for. */
const STEP_MS = 120_000;
const POLL_AGAIN_MS = 5_000;
/** How often an account is looked at before it is given up. */
const CHECKS = 4;

/** What can be asked of the connector about a login. */
export type StepName = 'start' | 'submit' | 'poll' | 'check';

/** One step of a login, under one lease. */
export interface Step {
  readonly name: StepName;
  readonly session: SessionRecord;
  readonly token: number;
  /** Writes down that LinkedIn may have heard of the login. */
  readonly externalCallStarted: () => Promise<void>;
  /** Aborted when the session is no longer this worker's. */
  readonly signal: AbortSignal;
  /** Hears of an answer that came after the signal. */
  readonly tooLate: (outcome: Outcome) => void;
}

/** Takes a step; undefined where nobody knows whether the code was tried. Rejects only with the signal's reason. */
export async function takeStep(
  context: LinkedInContext,
  connector: LinkedInConnector,
  step: Step,
): Promise<Outcome | undefined> {
  const { name, session, signal } = step;
  try {
    if (name === 'check') return await checkAccount(context, connector, step);
    const ask = async (inner: AbortSignal) => readOutcome(await call(context, connector, step, inner));
    return await within(context.clock, STEP_MS, signal, ask, step.tooLate);
  } catch (error) {
    signal.throwIfAborted();
    warn(context, step, error);
    if (name === 'submit') return checkAccount(context, connector, step);
    if (name === 'poll') return { kind: 'pending', ref: session.ref!, pollAfterMs: POLL_AGAIN_MS };
    const ours = error instanceof SecretGoneError || error instanceof UnsealError;
    return rejection(ours ? 'internal' : 'provider_unavailable');
  }
}

function call(
  context: LinkedInContext,
  connector: LinkedInConnector,
  { name, session, token, externalCallStarted }: Step,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id: sessionId, tenant, identityId, country, storedRef, secretId } = session;
  const opened = <T>(id: string, read: (text: string) => T): SecretLease<T> => ({
    open: async () => read(await context.secrets.open({ tenant, identityId, sessionId }, id, token)),
  });
  if (name === 'poll') return connector.poll(session.ref!, signal);
  if (name === 'submit') {
    const code = opened(session.codeSecretId!, (text) => text);
    return connector.submitCode(session.ref!, session.challenge!, code, signal);
  }
  const info = { sessionId, tenant, identityId, country, storedRef, externalCallStarted };
  const credentials = secretId === null ? null : opened(secretId, (text) => JSON.parse(text) as Credentials);
  return connector.start(info, credentials, signal);
}

/** Finds out by the account what became of a code. */
async function checkAccount(
  context: LinkedInContext,
  connector: LinkedInConnector,
  step: Step,
): Promise<Outcome | undefined> {
  const { signal } = step;
  const ref = step.session.ref!;
  for (let attempt = 0; attempt < CHECKS; attempt++) {
    try {
      const { state } = await within(context.clock, STEP_MS, signal, (inner) => connector.check(ref, inner));
      if (state === 'connected') return { kind: 'connected', ref, profileId: '' };
      return state === 'gone' || state === 'needs_login' ? rejection('challenge_expired') : undefined;
    } catch (error) {
      signal.throwIfAborted();
      warn(context, step, error);
      await pause(context.clock, 1_000 * 2 ** attempt, signal);
    }
  }
  return rejection('provider_unavailable');
}

function warn(context: LinkedInContext, { name, session }: Step, error: unknown): void {
  context.log.warn(
    { session: session.id, step: name, error: kindOf(error) },
    'the LinkedIn connector failed',
  );
}
