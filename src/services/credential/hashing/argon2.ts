import { type Algorithm, readBase64, readParameters } from './algorithm.js';

/** The leanest of the sets that OWASP's password storage sheet holds equal: argon2id, 7 MiB, five passes. */
const OWN = { memoryCost: 7168, timeCost: 5, parallelism: 1 } as const;
const OWN_BEGINNING = '$argon2id$v=19$m=7168,t=5,p=1$';

const MOST_KIB = 131_072;
/** Memory times passes: what a verification takes of the processor. */
const MOST_WORK = 4 * MOST_KIB;
const MOST_LANES = 16;
const SALT_BYTES = { least: 8, most: 64 };
const HASH_BYTES = { least: 12, most: 128 };

/** A native library of some megabytes: where no password is ever hashed, none is loaded. */
const library = () => import('@node-rs/argon2');

const within = (bytes: Buffer | undefined, { least, most }: { least: number; most: number }) =>
  bytes !== undefined && bytes.length >= least && bytes.length <= most;

/** RFC 9106 in all three variants, in PHC form. */
export const argon2: Algorithm = {
  owns: (text) => /^\$argon2(id|i|d)\$/.test(text),
  fault(text) {
    const [, , version, parameters = '', salt = '', digest = '', ...more] = text.split('$');
    const costs = readParameters(parameters);
    const [m, t, p] = ['m', 't', 'p'].map((name) => costs?.get(name) ?? 0) as [number, number, number];
    const whole =
      version === 'v=19' &&
      costs?.size === 3 &&
      more.length === 0 &&
      within(readBase64(salt), SALT_BYTES) &&
      within(readBase64(digest), HASH_BYTES);
    if (!whole || t < 1 || p < 1 || m < 8 * p) return 'is not a whole argon2 hash of version 19';
    if (m > MOST_KIB || m * t > MOST_WORK || p > MOST_LANES)
      return `costs too much to verify: at most m=${MOST_KIB}, m times t=${MOST_WORK} and p=${MOST_LANES}`;
    return undefined;
  },
  verify: async (text, password) => (await library()).verify(text, password),
};

/** Hashes as new passwords are hashed. */
export async function hashPassword(password: string): Promise<string> {
  return (await library()).hash(password, OWN);
}

/** Whether the hash is one that new passwords get. */
export function isOwn(text: string): boolean {
  return text.startsWith(OWN_BEGINNING);
}
