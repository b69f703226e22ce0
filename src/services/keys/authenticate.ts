import { timingSafeEqual } from 'node:crypto';
import type { Store } from '../../storage/store.js';
import { hashKey, looksLikeKey } from './api-key.js';
import { isDevelopmentKey } from './development-key.js';
import type { Holder } from './holder.js';
import { hashClaim, KEY_SCOPES, keys, SYSTEM } from './key-record.js';
import { createRecent } from './recent.js';

/** Revocation holds everywhere within this time. */
const MAX_AGE_MS = 1000;
const MAX_ENTRIES = 10_000;
const LOOK_UP_MS = 10_000;

const DEVELOPER: Holder = {
  tenant: 'dev',
  subject: 'development',
  scopes: KEY_SCOPES,
  expiresAt: Number.POSITIVE_INFINITY,
};

/** Who holds a token; undefined for a bad one. Throws TOKEN_KEYS_UNAVAILABLE. */
export type TokenCheck = (token: string) => Promise<Holder | undefined>;

export interface AuthenticatorOptions {
  readonly store: Store;
  /** Whether `facet_<contract>_dev` opens the tenant `dev`. For loopback only. */
  readonly developmentKeys?: boolean;
  /** Given where JSON Web Tokens are taken too. */
  readonly checkToken?: TokenCheck | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds that only grow. */
  readonly elapsed?: () => number;
}

/**
 * Who holds a key or token; undefined where it is none of ours, revoked or expired. Throws StoreUnavailableError,
 * and TOKEN_KEYS_UNAVAILABLE for tokens. `hops` are the addresses that the call was forwarded for.
 */
export function createAuthenticator({
  store,
  developmentKeys = false,
  checkToken,
  now = Date.now,
  elapsed = () => performance.now(),
}: AuthenticatorOptions): (token: string, hops?: readonly string[]) => Promise<Holder | undefined> {
  const recent = { maxAgeMs: MAX_AGE_MS, maxEntries: MAX_ENTRIES, elapsed };
  const [ofKeys, ofTokens] = [createRecent<Holder>(recent), createRecent<Holder>(recent)];

  return async (token, hops = []) => {
    if (developmentKeys && isDevelopmentKey(token, hops)) return DEVELOPER;
    // Remembered by hash, so that no key is kept in memory longer than its call.
    const hash = hashKey(token);
    const holder = looksLikeKey(token)
      ? await ofKeys(hash, () => findHolder(store, hash))
      : await (checkToken && ofTokens(hash, () => checkToken(token)));
    return holder !== undefined && now() < holder.expiresAt ? holder : undefined;
  };
}

/** Without the caller's signal, since others wait for the same look-up. */
async function findHolder(store: Store, hash: string): Promise<Holder | undefined> {
  const claim = hashClaim(hash);
  const key = (await store.getByClaim(keys, SYSTEM, claim, { signal: AbortSignal.timeout(LOOK_UP_MS) }))
    ?.body;
  if (key === undefined || key.revokeTime !== null) return undefined;
  if (!timingSafeEqual(Buffer.from(key.hash, 'hex'), Buffer.from(hash, 'hex'))) return undefined;
  const expiresAt = key.expireTime === null ? Number.POSITIVE_INFINITY : Date.parse(key.expireTime);
  return { tenant: key.tenant, subject: key.id, scopes: key.scopes, expiresAt };
}
