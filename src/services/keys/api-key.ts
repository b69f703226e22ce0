import { hash, randomBytes } from 'node:crypto';

/** 256 bits in base64url. A contract's name holds no underscore, so there is one way to read a key. */
const KEY = /^facet_[a-z]+_[A-Za-z0-9_-]{43}$/;

/** A new key, `facet_<contract>_<secret>`. */
export function makeKey(contract: string): string {
  return `facet_${contract}_${randomBytes(32).toString('base64url')}`;
}

export function looksLikeKey(token: string): boolean {
  return KEY.test(token);
}

/** In hexadecimal digits. SHA-256 is enough for a secret that nobody can guess: what is slow helps passwords only. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex');
}
