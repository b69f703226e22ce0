import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text that only the holder of the key can read; base64 of nonce, ciphertext and tag. */
export interface Sealed {
  readonly keyId: string;
  /** The data key of this secret alone, under the key `keyId`. */
  readonly dataKey: string;
  readonly box: string;
}

/** The sealed text cannot be read: another key, another owner, or altered. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/** Seals with AES-256-GCM under a new data key, which is wrapped by the newest key; both bound to `owner`. */
export function seal(keyring: Keyring, owner: string, text: string): Sealed {
  const dataKey = randomBytes(32);
  const wrapKey = keyring.derive(keyring.newest, 'wrap')!;
  const plain = Buffer.from(text, 'utf8');
  try {
    return {
      keyId: keyring.newest,
      dataKey: encrypt(wrapKey, owner, dataKey),
      box: encrypt(dataKey, owner, plain),
    };
  } finally {
    dataKey.fill(0);
    plain.fill(0);
  }
}

/** The text. Throws UnsealError. */
export function unseal(keyring: Keyring, owner: string, sealed: Sealed): string {
  const wrapKey = keyring.derive(sealed.keyId, 'wrap');
  if (wrapKey === undefined) throw new UnsealError('the key of this secret is not in the keyring');
  const dataKey = decrypt(wrapKey, owner, sealed.dataKey);
  try {
    const plain = decrypt(dataKey, owner, sealed.box);
    const text = plain.toString('utf8');
    plain.fill(0);
    return text;
  } finally {
    dataKey.fill(0);
  }
}

function encrypt(key: Uint8Array, owner: string, plain: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(owner, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Uint8Array, owner: string, box: string): Buffer {
  const bytes = Buffer.from(box, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner, 'utf8'));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new UnsealError('the secret cannot be read with this key and owner', { cause: error });
  }
}
