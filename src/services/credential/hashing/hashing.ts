import { availableParallelism } from 'node:os';
import type { Algorithm } from './algorithm.js';
import { argon2, hashPassword, isOwn } from './argon2.js';
import { bcrypt } from './bcrypt.js';
import { createBoundedPool } from './bounded-pool.js';
import { pbkdf2 } from './pbkdf2.js';
import { scrypt } from './scrypt.js';

const ALGORITHMS: readonly Algorithm[] = [argon2, bcrypt, pbkdf2, scrypt];
const LONGEST_HASH = 1024;
/** How many of a tenant's passwords wait at most. */
const PER_TENANT = 240;

/** Hashes passwords, few at a time, so that all else goes on. */
export interface Hashing {
  /** argon2id. Throws TOO_MANY_REQUESTS. */
  hash(tenant: string, password: string, signal?: AbortSignal): Promise<string>;
  /** Whether the password has the hash. None at all takes as long as one of our own, and never matches. */
  verify(tenant: string, hash: string | undefined, password: string, signal?: AbortSignal): Promise<boolean>;
}

/** One processor is left to everything else, where there is more than one. */
const AT_ONCE = Math.max(1, availableParallelism() - 1);

export function createHashing(): Hashing {
  const pool = createBoundedPool({ atOnce: AT_ONCE, perLine: PER_TENANT });
  let nobodys: Promise<string> | undefined;
  return {
    hash: (tenant, password, signal) => pool.run(tenant, () => hashPassword(password), signal),
    async verify(tenant, hash, password, signal) {
      nobodys ??= hashPassword('of nobody');
      // Awaited by all, so that the first call tells nothing either.
      const unknown = await nobodys;
      const known = hash ?? unknown;
      const algorithm = ALGORITHMS.find(({ owns }) => owns(known));
      if (algorithm === undefined) return false;
      const matches = await pool.run(tenant, () => algorithm.verify(known, password), signal);
      return matches && hash !== undefined;
    },
  };
}

/** What keeps a hash from being imported; undefined where nothing does. */
export function hashFault(hash: string): string | undefined {
  if (hash.length > LONGEST_HASH) return `must be at most ${LONGEST_HASH} characters`;
  const algorithm = ALGORITHMS.find(({ owns }) => owns(hash));
  return algorithm === undefined
    ? 'must be an argon2, bcrypt, pbkdf2 or scrypt hash in PHC form'
    : algorithm.fault(hash);
}

/** Whether the hash is to be made anew when its password is next seen. */
export function isOutdated(hash: string): boolean {
  return !isOwn(hash);
}
