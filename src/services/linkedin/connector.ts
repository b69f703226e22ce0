import type { RaisedChallenge } from '../../domain/linkedin/challenge.js';
import type { AccountState } from '../../domain/linkedin/connection-change.js';
import type { RejectCode } from '../../domain/linkedin/login-error.js';

/** What a connector can do. */
export interface ConnectorCaps {
  /** It logs in with username and password. */
  readonly credentials: boolean;
  /** It renews a connection without them. */
  readonly storedSession: boolean;
  /** What a lost worker began can be begun anew, as long as LinkedIn has not heard of it. */
  readonly restartSafe: boolean;
  /** How long LinkedIn keeps a login waiting for the person, in milliseconds. */
  readonly intentTtlMs: number;
}

/** The login that a connector is asked for. */
export interface SessionInfo {
  readonly sessionId: string;
  readonly tenant: string;
  readonly identityId: string;
  /** ISO 3166-1 alpha-2, upper case; the connector has a default of its own. */
  readonly country: string | null;
  /** The account that the identity is connected with, which a login without credentials renews. */
  readonly storedRef: string | null;
  /** To be awaited before LinkedIn first hears of the login; rejects where the session is another's by now. */
  externalCallStarted(): Promise<void>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A secret that can be read once, by the holder of the session's lease. */
export interface SecretLease<T> {
  /** Throws SecretGoneError. */
  open(): Promise<T>;
}

/** What a step of a login came to. A code that LinkedIn refused is `rejected` with `invalid_code`. */
export type Outcome =
  | {
      readonly kind: 'connected';
      readonly ref: string;
      readonly profileId: string;
      readonly displayName?: string;
    }
  | { readonly kind: 'challenge'; readonly ref: string; readonly challenge: RaisedChallenge }
  | { readonly kind: 'pending'; readonly ref: string; readonly pollAfterMs: number }
  /** The message is always safe to show. */
  | {
      readonly kind: 'rejected';
      readonly code: RejectCode;
      readonly retryable: boolean;
      readonly message: string;
    };

/**
 * The way to LinkedIn. `ref` is the connector's own name for an account or login, at most 2,048 characters;
 * all that it needs to go on after a restart must be found by it.
 */
export interface LinkedInConnector {
  readonly name: string;
  readonly caps: ConnectorCaps;
  /** Begins a login; without credentials it renews the account `storedRef`. */
  start(
    session: SessionInfo,
    credentials: SecretLease<Credentials> | null,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** Idempotent for each session and `challenge.seq`. */
  submitCode(
    ref: string,
    challenge: RaisedChallenge & { readonly seq: number },
    code: SecretLease<string>,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** Asks how a pending login, or an approval elsewhere, stands. */
  poll(ref: string, signal: AbortSignal): Promise<Outcome>;
  /** Has the code sent once more. */
  resend?(ref: string, signal: AbortSignal): Promise<void>;
  /** How the account is. */
  check(
    ref: string,
    signal: AbortSignal,
  ): Promise<{ readonly state: AccountState; readonly profileId?: string }>;
  /** Gives a login up; idempotent. */
  cancel(ref: string, signal: AbortSignal): Promise<void>;
  /** Forgets an account; idempotent. */
  disconnect(ref: string, signal: AbortSignal): Promise<void>;
}
