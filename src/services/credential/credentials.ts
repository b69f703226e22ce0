import type { Logger } from 'pino';
import { pause } from '../../storage/abort.js';
import type { AuthSessionOperations } from '../auth-session/operations.js';
import type { IdentityContext } from '../identity/context.js';
import { type AttemptLimit, createAttemptLimit } from './attempts.js';
import { type Authentication, createAuthentication } from './authentication.js';
import { createHashing } from './hashing/hashing.js';
import { type CredentialOperations, credentialOperations } from './operations.js';
import { createCredentialSealing } from './sealing.js';

/** Everything about credentials, with what has to be done behind everyone's back. */
export interface Credentials {
  readonly operations: CredentialOperations;
  readonly authentication: Authentication;
  /** Forgets lapsed attempts every minute, until it is closed. */
  start(): void;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;

/** `sealingKeys`: 32 bytes each, newest first. */
export function createCredentials(
  context: IdentityContext,
  sessions: AuthSessionOperations,
  sealingKeys: readonly Uint8Array[],
): Credentials {
  const attempts = createAttemptLimit({ store: context.store, now: () => context.now().getTime() });
  const whole = {
    ...context,
    hashing: createHashing(),
    sealing: createCredentialSealing(sealingKeys),
    sessions,
    attempts,
  };
  const closer = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    operations: credentialOperations(whole),
    authentication: createAuthentication(whole),
    start() {
      running = sweepLong(attempts, context.log, closer.signal);
    },
    async close() {
      closer.abort();
      await running;
    },
  };
}

async function sweepLong(attempts: AttemptLimit, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await attempts.sweep({ signal });
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'the attempts to sign in could not be swept');
    }
    await pause(SWEEP_MS, signal).catch(() => undefined);
  }
}
