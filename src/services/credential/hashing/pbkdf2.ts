import { pbkdf2 as derive, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type Algorithm, readBase64, readParameters } from './algorithm.js';

const DIGESTS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const MOST_ITERATIONS = 2_000_000;
const SALT_BYTES = 128;
const KEY_BYTES = { least: 16, most: 128 };

interface Parts {
  readonly digest: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** `$pbkdf2-<digest>$i=<iterations>,l=<bytes>$<salt>$<key>`; the length may be left out. */
export const pbkdf2: Algorithm = {
  owns: (text) => text.startsWith('$pbkdf2-'),
  fault(text) {
    const parts = read(text);
    if (parts === undefined) return `is not a whole pbkdf2 hash of ${DIGESTS.join(', ')}`;
    return parts.iterations > MOST_ITERATIONS
      ? `costs too much to verify: at most i=${MOST_ITERATIONS}`
      : undefined;
  },
  async verify(text, password) {
    const { digest, iterations, salt, key } = read(text)!;
    return timingSafeEqual(await promisify(derive)(password, salt, iterations, key.length, digest), key);
  },
};

function read(text: string): Parts | undefined {
  const [, name = '', parameters = '', saltText = '', keyText = '', ...more] = text.split('$');
  const digest = name.slice('pbkdf2-'.length);
  const costs = readParameters(parameters);
  const iterations = costs?.get('i') ?? 0;
  const [salt, key] = [readBase64(saltText), readBase64(keyText)];
  if (!DIGESTS.includes(digest) || iterations < 1 || more.length > 0) return undefined;
  if (salt === undefined || salt.length > SALT_BYTES || key === undefined) return undefined;
  const length = costs?.get('l') ?? key.length;
  const fits = length === key.length && length >= KEY_BYTES.least && length <= KEY_BYTES.most;
  return fits ? { digest, iterations, salt, key } : undefined;
}
