import { randomBytes } from 'node:crypto';
import { mutate } from '../../storage/mutate.js';
import { EVERY_TENANT, type Store, type Wait } from '../../storage/store.js';
import { type SealedSecret, sealedSecrets, sessionToken } from './collection.js';
import { fingerprint, matchesFingerprint } from './fingerprint.js';
import { createKeyring } from './keyring.js';
import { seal, unseal } from './sealing.js';

/** Whose secret it is: bound into the seal, so that a copy under another owner cannot be opened. */
export interface SecretOwner {
  readonly tenant: string;
  readonly identityId: string;
  readonly sessionId: string;
}

/** The secret has been erased, has lapsed, or was opened already with this lease. */
export class SecretGoneError extends Error {
  override readonly name = 'SecretGoneError';
}

/** Sealed texts of login sessions, and keyed hashes to tell equal ones. */
export interface Secrets {
  /** Stores the text sealed until `expiresAt` (milliseconds since the epoch); answers its id. */
  seal(owner: SecretOwner, text: string, expiresAt: number, wait?: Wait): Promise<string>;
  /** The text, once for each lease token, newest tokens only. Throws SecretGoneError and UnsealError. */
  open(owner: SecretOwner, id: string, leaseToken: number, wait?: Wait): Promise<string>;
  /** Erases one secret; nothing where it is gone. */
  erase(tenant: string, id: string, wait?: Wait): Promise<void>;
  /** Erases all secrets of a session. */
  eraseSession(owner: SecretOwner, wait?: Wait): Promise<void>;
  /** Erases what has lapsed, of every tenant; answers how many. */
  eraseExpired(wait?: Wait): Promise<number>;
  /** A keyed hash of the values, for one identity. */
  fingerprint(owner: Omit<SecretOwner, 'sessionId'>, values: readonly string[]): string;
  matches(known: string, owner: Omit<SecretOwner, 'sessionId'>, values: readonly string[]): boolean;
}

const ERASED_AT_ONCE = 200;

/** `keys`: 32 bytes each, newest first; `now`: milliseconds since the epoch. */
export function createSecrets(given: {
  readonly store: Store;
  readonly keys: readonly Uint8Array[];
  readonly now: () => number;
}): Secrets {
  const { store, now } = given;
  const keyring = createKeyring(given.keys);
  const erase = async (tenant: string, id: string, wait?: Wait) => {
    await store.remove(sealedSecrets, { tenant, id }, undefined, wait);
  };
  return {
    async seal(owner, text, expiresAt, wait) {
      const { tenant, identityId, sessionId } = owner;
      const id = `${sessionId}.${randomBytes(12).toString('hex')}`;
      const sealed = seal(keyring, boundTo(owner), text);
      const body: SealedSecret = { id, identityId, sessionId, sealed, openedWith: null, expiresAt };
      await store.insert(sealedSecrets, { tenant, id }, body, wait);
      return id;
    },
    async open(owner, id, leaseToken, wait) {
      const time = now();
      let usable = false;
      const mark = (secret: SealedSecret) => {
        const ours = secret.identityId === owner.identityId && secret.sessionId === owner.sessionId;
        usable = ours && secret.expiresAt > time && leaseToken > (secret.openedWith ?? 0);
        return usable ? { ...secret, openedWith: leaseToken } : secret;
      };
      const found = await mutate(store, sealedSecrets, { tenant: owner.tenant, id }, mark, wait);
      if (found === undefined || !usable)
        throw new SecretGoneError('the secret is gone or was opened before');
      return unseal(keyring, boundTo(owner), found.body.sealed);
    },
    erase,
    async eraseSession({ tenant, sessionId }, wait) {
      const where = [{ token: sessionToken(sessionId) }];
      const left = await store.find(sealedSecrets, { tenant, where, limit: ERASED_AT_ONCE }, wait);
      for (const { id } of left) await erase(tenant, id, wait);
    },
    async eraseExpired(wait) {
      const where = [{ field: 'expiresAt', lt: now() }];
      const lapsed = await store.find(
        sealedSecrets,
        { tenant: EVERY_TENANT, where, limit: ERASED_AT_ONCE },
        wait,
      );
      for (const { tenant, id } of lapsed) await erase(tenant, id, wait);
      return lapsed.length;
    },
    fingerprint: (owner, values) => fingerprint(keyring, hashedFor(owner), values),
    matches: (known, owner, values) => matchesFingerprint(keyring, known, hashedFor(owner), values),
  };
}

/** The associated data of a seal. */
function boundTo({ tenant, identityId, sessionId }: SecretOwner): string {
  return JSON.stringify([tenant, identityId, sessionId]);
}

function hashedFor({ tenant, identityId }: Omit<SecretOwner, 'sessionId'>): string {
  return JSON.stringify([tenant, identityId]);
}
