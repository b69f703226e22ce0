/** How well an identity is connected to LinkedIn, as the contracts show it. */
export type ConnectionStatus = 'not_connected' | 'connecting' | 'connected' | 'degraded' | 'needs_login';

/** Why the last login failed, in words that may be shown. */
export interface ConnectionError {
  readonly code: string;
  readonly message: string;
  /** Whether trying again can help. */
  readonly retryable: boolean;
}

/** The LinkedIn connection of an identity, part of its record. Times are RFC 3339. */
export interface ConnectionRecord {
  readonly status: ConnectionStatus;
  /** The stable id of the identity's LinkedIn slot, made with its first login. */
  readonly profileId: string | null;
  /** ISO 3166-1 alpha-2 of the last login, upper case. */
  readonly country: string | null;
  readonly lastLoginTime: string | null;
  readonly lastError: ConnectionError | null;
  /** The open session, or the last one. */
  readonly sessionId: string | null;
  /** When that session began, in milliseconds since the epoch; a session that began before it is history. */
  readonly sessionTime: number | null;
  /** Whether the connection already tells how that session ended. */
  readonly sessionSettled: boolean;
  /** True once a login has reached `connected`: later logins may leave the credentials out. */
  readonly stored: boolean;
  /** The connector's own name for the account, and which connector that was. Never shown. */
  readonly ref: string | null;
  readonly connector: string | null;
}

/** An identity that has never logged in. */
export const NO_CONNECTION: ConnectionRecord = {
  status: 'not_connected',
  profileId: null,
  country: null,
  lastLoginTime: null,
  lastError: null,
  sessionId: null,
  sessionTime: null,
  sessionSettled: false,
  stored: false,
  ref: null,
  connector: null,
};
