import { FacetError } from './errors.js';

/** A create that can be repeated: the caller's key, and what was asked under it. */
export interface RequestClaim {
  readonly key: string;
  /** SHA-256 of what was asked, so that another request under the same key is told apart. */
  readonly fingerprint: string;
  /** RFC 3339; the claim lapses a day later. */
  readonly time: string;
}

/** How long a repeated create is still answered as the first was. */
export const REQUEST_CLAIM_MS = 24 * 3_600_000;

/** Whether a create that comes now repeats the earlier one. Throws IDEMPOTENCY_KEY_REUSED where it asks for something else. */
export function repeats(earlier: RequestClaim, now: RequestClaim): boolean {
  if (earlier.key !== now.key) return false;
  if (Date.parse(earlier.time) + REQUEST_CLAIM_MS <= Date.parse(now.time)) return false;
  if (earlier.fingerprint !== now.fingerprint) throw new FacetError('IDEMPOTENCY_KEY_REUSED');
  return true;
}
