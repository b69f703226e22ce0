import type { RejectCode } from '../domain/linkedin/login-error.js';

/** Everything that the simulated connector knows of one login: it is the login's ref. */
export interface SimulatedLogin {
  readonly scenario: string;
  readonly sessionId: string;
  /** Milliseconds since the epoch: when the step under way is done. */
  readonly readyAt: number;
  /** How many challenges have been met, and whether the next has been raised. */
  readonly met: number;
  readonly asking: boolean;
  /** How the step under way will be refused. */
  readonly refusal: RejectCode | null;
  readonly connected: boolean;
}

const PREFIX = 'simulated.';

export function encodeRef(login: SimulatedLogin): string {
  return PREFIX + Buffer.from(JSON.stringify(login)).toString('base64url');
}

/** Throws where the ref is none of this connector's. */
export function decodeRef(ref: string | null): SimulatedLogin {
  if (!ref?.startsWith(PREFIX)) throw new Error('not a ref of the simulated connector');
  return JSON.parse(Buffer.from(ref.slice(PREFIX.length), 'base64url').toString()) as SimulatedLogin;
}
