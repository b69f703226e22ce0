import type { RaisedChallenge } from './challenge.js';
import type { LoginError } from './login-error.js';

/** What a worker reports; ignored unless the token is that of the session's lease. */
export type WorkerEvent = { readonly token: number } & (
  | { readonly type: 'lease_renewed' }
  /** The worker shuts down: the session is another's at once. */
  | { readonly type: 'lease_released' }
  /** From here on LinkedIn may have heard of the login. */
  | { readonly type: 'external_call_started' }
  | { readonly type: 'pending'; readonly ref: string }
  | { readonly type: 'connected'; readonly ref: string }
  | { readonly type: 'challenged'; readonly ref: string; readonly challenge: RaisedChallenge }
  | { readonly type: 'rejected'; readonly error: LoginError }
  | { readonly type: 'code_refused' }
  /** Nobody knows whether the code was tried: the person is asked again. */
  | { readonly type: 'code_undecided' }
);

/** What happens to a session from outside a lease. */
export type SessionEvent =
  | WorkerEvent
  /** A worker takes a queued session up. */
  | { readonly type: 'claimed'; readonly owner: string }
  /** A worker goes on with a session whose lease has run out. */
  | { readonly type: 'taken_over'; readonly owner: string }
  | { readonly type: 'lease_lost' }
  /** `codes` is how many had been handed in when this one's sender looked. */
  | {
      readonly type: 'code_submitted';
      readonly owner: string;
      readonly secretId: string;
      readonly codes: number;
    }
  | { readonly type: 'code_resent' }
  | { readonly type: 'deadline_passed' }
  | { readonly type: 'cancelled' }
  /** The identity's connection tells of the end; `done` where the connector has nothing to clean up. */
  | { readonly type: 'reflected'; readonly done: boolean }
  | { readonly type: 'cleaned_up' }
  | { readonly type: 'clean_up_failed' }
  /** The identity is gone: the document goes soon. */
  | { readonly type: 'orphaned' };

export type SessionEventType = SessionEvent['type'];
