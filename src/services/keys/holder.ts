import type { KeyScope } from './key-record.js';

/** Who a key or token speaks for. */
export interface Holder {
  readonly tenant: string;
  /** The key's id or the token's subject, for logs. */
  readonly subject: string;
  readonly scopes: readonly KeyScope[];
  /** Milliseconds since the epoch, Infinity where it does not expire. */
  readonly expiresAt: number;
}
