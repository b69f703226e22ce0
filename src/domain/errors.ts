/** The gRPC codes that Facet ends a call with, by their canonical names. */
export type Code =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED';

/** What is wrong with one field of a request. */
export interface Violation {
  /** The proto path of the field, as in `identity.contacts[2].value`. */
  readonly field: string;
  /** A sentence part that follows the field's name, as in "must not be blank". */
  readonly description: string;
  /** The rule that was broken, in the rule's own name, as in `string.max_len`. */
  readonly rule: string;
}

/** Every reason that an error can carry: the code it goes with and the text that is shown. */
export const REASONS = {
  INVALID_INPUT: { code: 'INVALID_ARGUMENT', message: 'The request is invalid.' },
  INVALID_PAGE_TOKEN: { code: 'INVALID_ARGUMENT', message: 'The page token is not one of this list.' },
  IDEMPOTENCY_KEY_REUSED: {
    code: 'INVALID_ARGUMENT',
    message: 'This idempotency key was used for another request.',
  },
  CREDENTIALS_REQUIRED: {
    code: 'INVALID_ARGUMENT',
    message: 'A first login needs username and password: no LinkedIn session is stored for this identity.',
  },
  CREDENTIALS_INVALID: { code: 'INVALID_ARGUMENT', message: 'The identifier or the password is wrong.' },
  CODE_INVALID: { code: 'INVALID_ARGUMENT', message: 'The code is wrong, or was used before.' },
  CONTACT_LIMIT: { code: 'INVALID_ARGUMENT', message: 'A record holds at most 100 contacts.' },
  INVALID_SEQUENCE: { code: 'INVALID_ARGUMENT', message: 'after_sequence is beyond the last event.' },
  UNAUTHENTICATED: {
    code: 'UNAUTHENTICATED',
    message: 'A valid key is required: send it as "Authorization: Bearer <key>".',
  },
  SCOPE_MISSING: { code: 'PERMISSION_DENIED', message: 'The key lacks the scope that this method needs.' },
  NOT_FOUND: { code: 'NOT_FOUND', message: 'Not found.' },
  IDENTITY_NOT_FOUND: { code: 'NOT_FOUND', message: 'Identity not found.' },
  SESSION_NOT_FOUND: { code: 'NOT_FOUND', message: 'Session not found.' },
  CONTACT_NOT_FOUND: { code: 'NOT_FOUND', message: 'Contact not found.' },
  SCHEMA_NOT_FOUND: { code: 'NOT_FOUND', message: 'Schema not found.' },
  CREDENTIAL_NOT_FOUND: { code: 'NOT_FOUND', message: 'Credential not found.' },
  DOMAIN_NOT_FOUND: { code: 'NOT_FOUND', message: 'Domain not found.' },
  ALREADY_EXISTS: { code: 'ALREADY_EXISTS', message: 'Another identity already holds this value.' },
  ETAG_MISMATCH: { code: 'ABORTED', message: 'The record has changed since this etag was read.' },
  CONTENTION: { code: 'ABORTED', message: 'Too many writers at once; try again.' },
  AMBIGUOUS_CONTACT: {
    code: 'FAILED_PRECONDITION',
    message: 'Several identities have this contact.',
  },
  AMBIGUOUS_IDENTIFIER: {
    code: 'FAILED_PRECONDITION',
    message: 'Several identities sign in by this identifier.',
  },
  LAST_FIRST_FACTOR: {
    code: 'FAILED_PRECONDITION',
    message: 'You cannot remove the last first factor credential.',
  },
  CONTACT_READ_ONLY: {
    code: 'FAILED_PRECONDITION',
    message: "This contact is shown from the identity's traits: change them instead.",
  },
  DOMAIN_NOT_VERIFIED: { code: 'FAILED_PRECONDITION', message: 'The domain is not verified.' },
  SCHEMA_IN_USE: { code: 'FAILED_PRECONDITION', message: 'Identities have traits by this schema.' },
  DOMAIN_IN_USE: { code: 'FAILED_PRECONDITION', message: 'Mailboxes are in the domain.' },
  MERGE_COLLISION: {
    code: 'FAILED_PRECONDITION',
    message: 'The identities cannot be merged: one of two values would be lost.',
  },
  LOGIN_IN_PROGRESS: {
    code: 'FAILED_PRECONDITION',
    message: 'Another login of this identity is in progress.',
  },
  CODE_NOT_EXPECTED: { code: 'FAILED_PRECONDITION', message: 'The session is not waiting for a code.' },
  NO_RESENDS_LEFT: {
    code: 'FAILED_PRECONDITION',
    message: 'The code has been sent again as often as it may be.',
  },
  IDENTITY_INACTIVE: { code: 'FAILED_PRECONDITION', message: 'The identity is not in use.' },
  SESSION_CLOSED: { code: 'FAILED_PRECONDITION', message: 'The session has ended.' },
  WRONG_STATE: { code: 'FAILED_PRECONDITION', message: 'The session is in no state for this.' },
  LEASE_LOST: { code: 'FAILED_PRECONDITION', message: 'Another worker has this session.' },
  TOO_MANY_ATTEMPTS: { code: 'RESOURCE_EXHAUSTED', message: 'Too many attempts to sign in; wait a while.' },
  TOO_MANY_LOGINS: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Too many logins of this identity within an hour.',
  },
  TOO_MANY_REQUESTS: { code: 'RESOURCE_EXHAUSTED', message: 'Too many requests at once; try again.' },
  REQUEST_TOO_LARGE: { code: 'RESOURCE_EXHAUSTED', message: 'The request is too large.' },
  ANSWER_TOO_LARGE: { code: 'RESOURCE_EXHAUSTED', message: 'The answer is too large: ask for less at once.' },
  STORE_FULL: { code: 'RESOURCE_EXHAUSTED', message: 'The store has no room left.' },
  CONNECTOR_UNAVAILABLE: { code: 'UNAVAILABLE', message: 'No LinkedIn connector is configured.' },
  STORE_UNAVAILABLE: { code: 'UNAVAILABLE', message: 'The store cannot be reached.' },
  TOKEN_KEYS_UNAVAILABLE: {
    code: 'UNAVAILABLE',
    message: 'The keys that tokens are checked with cannot be fetched.',
  },
  SHUTTING_DOWN: { code: 'UNAVAILABLE', message: 'The service is shutting down.' },
  DEADLINE_EXCEEDED: { code: 'DEADLINE_EXCEEDED', message: 'The deadline passed before the call was done.' },
  CANCELLED: { code: 'CANCELLED', message: 'The caller has gone.' },
  UNIMPLEMENTED: { code: 'UNIMPLEMENTED', message: 'No such method.' },
  INTERNAL: { code: 'INTERNAL', message: 'Internal error.' },
} as const satisfies Record<string, { code: Code; message: string }>;

export type Reason = keyof typeof REASONS;

/** The one error that a caller is told about. Anything else that is thrown leaves as INTERNAL without its text. */
export class FacetError extends Error {
  override readonly name = 'FacetError';
  readonly code: Code;
  readonly violations: readonly Violation[];
  /** Milliseconds after which trying again can help. */
  readonly retryAfterMs: number | undefined;

  /** `message` must be safe to show; `cause` is logged and never sent. */
  constructor(
    readonly reason: Reason,
    options: {
      message?: string;
      violations?: readonly Violation[];
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? REASONS[reason].message, { cause: options.cause });
    this.code = REASONS[reason].code;
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** An INVALID_ARGUMENT that names the fields at fault. */
export function invalid(...violations: Violation[]): FacetError {
  return new FacetError('INVALID_INPUT', { violations });
}
