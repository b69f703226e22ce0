import { scrypt as derive, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { type Algorithm, readBase64, readParameters } from './algorithm.js';

/** Of memory: 128 times N times r bytes. */
const MOST_BYTES = 128 * 1024 * 1024;
const MOST_PARALLEL = 4;
const SALT_BYTES = 128;
const KEY_BYTES = { least: 16, most: 128 };
/** PHC's `ln` is the logarithm; no N of use is this small, so a larger one is N itself. */
const MOST_LOGARITHM = 63;

interface Parts {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** RFC 7914 as `$scrypt$ln=14,r=8,p=1$<salt>$<key>`, where some write `ln=16384`. */
export const scrypt: Algorithm = {
  owns: (text) => text.startsWith('$scrypt$'),
  fault(text) {
    const parts = read(text);
    if (parts === undefined) return 'is not a whole scrypt hash';
    const { N, r, p } = parts;
    return 128 * N * r > MOST_BYTES || p > MOST_PARALLEL
      ? `costs too much to verify: at most ${MOST_BYTES} bytes and p=${MOST_PARALLEL}`
      : undefined;
  },
  async verify(text, password) {
    const { N, r, p, salt, key } = read(text)!;
    const options = { N, r, p, maxmem: 2 * MOST_BYTES };
    return timingSafeEqual(await derived(password, salt, key.length, options), key);
  },
};

function derived(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    derive(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function read(text: string): Parts | undefined {
  const [, , parameters = '', saltText = '', keyText = '', ...more] = text.split('$');
  const costs = readParameters(parameters);
  const [ln, r, p] = ['ln', 'r', 'p'].map((name) => costs?.get(name) ?? 0) as [number, number, number];
  const N = ln <= MOST_LOGARITHM ? 2 ** ln : ln;
  const [salt, key] = [readBase64(saltText), readBase64(keyText)];
  const whole =
    costs?.size === 3 && more.length === 0 && N > 1 && Number.isInteger(Math.log2(N)) && r > 0 && p > 0;
  if (!whole || salt === undefined || salt.length > SALT_BYTES || key === undefined) return undefined;
  return key.length >= KEY_BYTES.least && key.length <= KEY_BYTES.most ? { N, r, p, salt, key } : undefined;
}
