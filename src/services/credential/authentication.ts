import { credentialOf } from '../../domain/credential/credential.js';
import { credentialClaim, credentialIdentifier } from '../../domain/credential/identifiers.js';
import { withLookupUsed, withRehash, withStepUsed } from '../../domain/credential/used-credential.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Wait } from '../../storage/store.js';
import type { AuthSessionOperations } from '../auth-session/operations.js';
import { getByClaim } from '../identity/read.js';
import { mutateIdentity } from '../identity/resolve.js';
import type { AttemptLimit } from './attempts.js';
import { isOutdated } from './hashing/hashing.js';
import type { CredentialContext } from './operations.js';
import { totpStep } from './totp.js';

export type AuthenticationContext = Pick<
  CredentialContext,
  'store' | 'now' | 'hashing' | 'sealing' | 'log'
> & {
  readonly sessions: AuthSessionOperations;
  readonly attempts: AttemptLimit;
};

type Opened = Awaited<ReturnType<AuthSessionOperations['open']>>;
type Device = Parameters<AuthSessionOperations['open']>[1]['device'];

export interface SignIn {
  readonly identifier: string;
  readonly password: string;
  readonly device?: Device;
}

/** One of the two. */
export interface SecondFactor {
  readonly totpCode?: string | undefined;
  readonly lookupSecret?: string | undefined;
}

/** How identities sign in. */
export interface Authentication {
  /**
   * Opens a session. An unknown identifier and a wrong password are one error, after the same time:
   * CREDENTIALS_INVALID. Throws IDENTITY_INACTIVE, after the right password only, TOO_MANY_ATTEMPTS and
   * TOO_MANY_REQUESTS.
   */
  authenticate(tenant: string, given: SignIn, wait: Wait): Promise<Opened>;
  /** Raises the session to aal2. Throws SESSION_NOT_FOUND, CODE_INVALID and TOO_MANY_ATTEMPTS. */
  verifySecondFactor(
    tenant: string,
    token: string,
    given: SecondFactor,
    wait: Wait,
  ): ReturnType<AuthSessionOperations['raise']>;
}

const MOST_PASSWORDS = 20;
/** Six digits are few, and three of the codes are right at any time. */
const MOST_CODES = 5;

export function createAuthentication(context: AuthenticationContext): Authentication {
  const { store, now, hashing, sealing, sessions, attempts, log } = context;

  async function holderOf(
    tenant: string,
    identifier: string,
    wait: Wait,
  ): Promise<IdentityRecord | undefined> {
    try {
      return await getByClaim(context, tenant, credentialClaim('password', identifier), wait);
    } catch (error) {
      if (error instanceof FacetError && error.reason === 'IDENTITY_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Hashes the password as new ones are; where that cannot be now, the next sign-in does it. */
  async function rehash({ tenant, id }: IdentityRecord, before: string, password: string, wait: Wait) {
    try {
      const after = await hashing.hash(tenant, password, wait.signal);
      await mutateIdentity(store, { tenant, id }, (record) => withRehash(record, before, after), wait);
    } catch (error) {
      log.warn({ err: error, identity: id }, 'an imported password could not be hashed anew');
    }
  }

  return {
    async authenticate(tenant, { identifier, password, device }, wait) {
      const name = credentialIdentifier(identifier);
      const attempted = { tenant, what: ['password', name], most: MOST_PASSWORDS };
      await attempts.begin(attempted, wait);
      const record = await holderOf(tenant, name, wait);
      const hash = record && credentialOf(record.credentials, 'password')?.hash;
      const matches = await hashing.verify(tenant, hash, password, wait.signal);
      if (record === undefined || hash === undefined || !matches) throw new FacetError('CREDENTIALS_INVALID');
      await attempts.succeeded(attempted, wait);
      if (isOutdated(hash)) await rehash(record, hash, password, wait);
      // It is here that an identity out of use is refused, and one whose sessions were ended since it was read.
      const key = { tenant, identityId: record.id };
      const method = { method: 'password', aal: 'aal1', device } as const;
      return sessions.open(key, method, record.sessionEpoch, wait);
    },

    async verifySecondFactor(tenant, token, { totpCode, lookupSecret }, wait) {
      const held = await sessions.holding(tenant, token, wait);
      if (held === undefined) throw new FacetError('SESSION_NOT_FOUND');
      const { id } = held.record;
      const attempted = { tenant, what: ['second_factor', id], most: MOST_CODES };
      await attempts.begin(attempted, wait);
      const time = now();
      const use = (record: IdentityRecord): IdentityRecord => {
        if (totpCode === undefined) {
          const isIt = ({ hash }: { hash: string }, salt: string) =>
            sealing.isCode(hash, tenant, salt, lookupSecret ?? '');
          return withLookupUsed(record, isIt, time.toISOString());
        }
        const totp = credentialOf(record.credentials, 'totp');
        const url = totp && sealing.openUrl(tenant, totp.sealedUrl);
        const step = url === undefined ? undefined : totpStep(url, totpCode, time.getTime());
        return withStepUsed(record, step);
      };
      await mutateIdentity(store, { tenant, id }, use, wait);
      await attempts.succeeded(attempted, wait);
      const method = totpCode === undefined ? 'lookup_secret' : 'totp';
      return sessions.raise(tenant, token, { method, aal: 'aal2' }, wait);
    },
  };
}
