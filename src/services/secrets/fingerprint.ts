import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Keyring } from './keyring.js';

/** A keyed hash by which equal values of one owner are told, and nothing else: `<key id>.<base64>`. */
export function fingerprint(keyring: Keyring, owner: string, values: readonly string[]): string {
  return `${keyring.newest}.${hash(keyring.derive(keyring.newest, 'fingerprint')!, owner, values)}`;
}

/** Whether the values are those of the fingerprint, made with whichever of the keys. */
export function matchesFingerprint(
  keyring: Keyring,
  known: string,
  owner: string,
  values: readonly string[],
): boolean {
  const [keyId = '', expected = ''] = known.split('.');
  const key = keyring.derive(keyId, 'fingerprint');
  if (key === undefined) return false;
  const given = Buffer.from(hash(key, owner, values));
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function hash(key: Uint8Array, owner: string, values: readonly string[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([owner, ...values]))
    .digest('base64');
}
