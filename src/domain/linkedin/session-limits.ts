/** How long a worker holds a session without renewing its lease. */
export const LEASE_MS = 30_000;
/** Wrong codes that end a session. */
export const MAX_WRONG_CODES = 5;
export const MAX_RESENDS = 5;
/** How often a login is begun before it is given up. */
export const MAX_ATTEMPTS = 3;
/** Log entries kept; a watcher that is further behind gets a snapshot. */
export const LOG_KEPT = 100;
/** How long an ended session can be read. */
export const KEPT_MS = 24 * 3_600_000;
/** How long the session of a deleted identity still tells its watchers of the end. */
export const TOMBSTONE_MS = 10 * 60_000;
/** When an account that could not be cleaned up is tried again. */
export const CLEAN_UP_RETRY_MS = 60_000;
