const HOUR_MS = 3_600_000;

/** How long a session lasts that is not refreshed. */
export const LIFETIME_MS = 24 * HOUR_MS;
/** How long one lasts however often it is refreshed. */
export const LONGEST_MS = 30 * 24 * HOUR_MS;
/** How long a session can be looked at after its end. */
export const KEPT_MS = 7 * 24 * HOUR_MS;

export function firstExpiry(now: Date): string {
  return new Date(now.getTime() + LIFETIME_MS).toISOString();
}

/** Never before the end that was promised: the clocks of two processes may differ. */
export function laterExpiry(
  { issuedAt, expiresAt }: { issuedAt: string; expiresAt: string },
  now: Date,
): string {
  const latest = Date.parse(issuedAt) + LONGEST_MS;
  const wanted = Math.min(now.getTime() + LIFETIME_MS, latest);
  return new Date(Math.max(wanted, Date.parse(expiresAt))).toISOString();
}
