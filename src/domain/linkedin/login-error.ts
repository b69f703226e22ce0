/** Why a login can fail or a code be refused: the text that is shown, and whether trying again can help. */
export const LOGIN_ERRORS = {
  invalid_credentials: { message: 'LinkedIn refused the username or the password.', retryable: false },
  invalid_code: { message: 'LinkedIn refused the code.', retryable: true },
  account_restricted: { message: 'LinkedIn has restricted this account.', retryable: false },
  captcha_required: { message: 'LinkedIn demands a captcha that could not be solved.', retryable: true },
  challenge_expired: { message: 'LinkedIn ended the verification; start a new login.', retryable: true },
  too_many_attempts: { message: 'Too many wrong codes.', retryable: false },
  unsupported_challenge: {
    message: 'LinkedIn asks for a verification that is not supported.',
    retryable: false,
  },
  wrong_account: { message: 'The login led to another LinkedIn account.', retryable: false },
  auth_in_progress: {
    message: 'LinkedIn is still busy with an earlier login of this account.',
    retryable: true,
  },
  rate_limited: { message: 'LinkedIn takes no more logins for now.', retryable: true },
  provider_unavailable: { message: 'LinkedIn could not be reached.', retryable: true },
  worker_lost: { message: 'The login was interrupted and cannot be resumed.', retryable: true },
  connector_not_configured: {
    message: 'The connector of this login is not configured here.',
    retryable: false,
  },
  no_worker: { message: 'No worker took the login up in time.', retryable: true },
  verification_timeout: { message: 'The verification was not completed in time.', retryable: true },
  internal: { message: 'The login failed for an internal reason.', retryable: true },
} as const satisfies Record<string, { message: string; retryable: boolean }>;

export type LoginErrorCode = keyof typeof LOGIN_ERRORS;

/** The reasons that a connector gives; the others are found by the service itself. */
export type RejectCode = Exclude<LoginErrorCode, 'no_worker' | 'verification_timeout'>;

/** A reason as a session carries it. */
export interface LoginError {
  readonly code: LoginErrorCode;
  /** Always safe to show. */
  readonly message: string;
  readonly retryable: boolean;
}

/** The reason with its usual text. */
export function loginError(code: LoginErrorCode): LoginError {
  return { code, ...LOGIN_ERRORS[code] };
}
