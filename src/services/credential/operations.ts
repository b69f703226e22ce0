import type { CredentialType } from '../../domain/credential/credential.js';
import {
  deleteCredential,
  importCredentials,
  type PreparedCredential,
} from '../../domain/credential/credential-change.js';
import { type CredentialImport, type ImportPath, passwordFault } from '../../domain/credential/import.js';
import { invalid } from '../../domain/errors.js';
import type { Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityRecord } from '../../domain/identity.js';
import { changeIdentity } from '../../domain/identity-change.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from '../identity/context.js';
import { getIdentity } from '../identity/read.js';
import { rewriteIdentity } from '../identity/write.js';
import { type ImportContext, prepareImport } from './prepare-import.js';

export type CredentialContext = IdentityContext & ImportContext;

/** Through which contract credentials are written, and what the write depends on. */
export interface CredentialOrigin {
  readonly contract: ContractName;
  readonly precondition: Precondition;
}

interface Owner {
  readonly tenant: string;
  readonly id: string;
}

/**
 * The credentials of identities: parts of the record, so a write of one is a write of its identity. Throws
 * IDENTITY_NOT_FOUND, ETAG_MISMATCH and ALREADY_EXISTS.
 */
export interface CredentialOperations {
  /** The record, for whoever shows its credentials without what is secret in them. */
  get(owner: Owner, wait: Wait): Promise<IdentityRecord>;
  /** Throws INVALID_INPUT at `field`, and TOO_MANY_REQUESTS. */
  setPassword(
    owner: Owner,
    password: { readonly text: string; readonly field: string },
    origin: CredentialOrigin,
    wait: Wait,
  ): Promise<IdentityRecord>;
  /** Hashes and seals, for `importCredentials`. Throws INVALID_INPUT at the fields' paths, and TOO_MANY_REQUESTS. */
  prepareImport(
    tenant: string,
    given: CredentialImport,
    at: ImportPath,
    wait: Wait,
  ): Promise<PreparedCredential[]>;
  import(
    owner: Owner,
    given: CredentialImport,
    at: ImportPath,
    origin: CredentialOrigin,
    wait: Wait,
  ): Promise<IdentityRecord>;
  /** Throws CREDENTIAL_NOT_FOUND and LAST_FIRST_FACTOR, and INVALID_INPUT for an account that is not named. */
  delete(
    owner: Owner,
    which: { readonly type: CredentialType; readonly identifier?: string | undefined },
    origin: CredentialOrigin,
    wait: Wait,
  ): Promise<IdentityRecord>;
}

export function credentialOperations(context: CredentialContext): CredentialOperations {
  type Change = (record: IdentityRecord, now: string) => IdentityRecord['credentials'];
  const rewrite = (owner: Owner, change: Change, origin: CredentialOrigin, wait: Wait) => {
    const now = context.now().toISOString();
    const apply = (record: IdentityRecord) =>
      changeIdentity(record, { credentials: change(record, now) }, { contract: origin.contract, now });
    return rewriteIdentity(context, owner, apply, origin, wait);
  };
  const operations: CredentialOperations = {
    get: ({ tenant, id }, wait) => getIdentity(context, tenant, id, wait),

    async setPassword(owner, { text, field }, origin, wait) {
      const faults = passwordFault(text, field);
      if (faults.length > 0) throw invalid(...faults);
      // Nobody's password is not worth a hash.
      await operations.get(owner, wait);
      const hash = await context.hashing.hash(owner.tenant, text, wait.signal);
      const set: Change = ({ credentials }, now) =>
        importCredentials(credentials, [{ type: 'password', hash }], now);
      return rewrite(owner, set, origin, wait);
    },

    prepareImport: (tenant, given, at, wait) => prepareImport(context, tenant, given, at, wait),

    async import(owner, given, at, origin, wait) {
      await operations.get(owner, wait);
      const prepared = await prepareImport(context, owner.tenant, given, at, wait);
      return rewrite(
        owner,
        ({ credentials }, now) => importCredentials(credentials, prepared, now),
        origin,
        wait,
      );
    },

    async delete(owner, which, origin, wait) {
      if ((which.type === 'oidc' || which.type === 'saml') && !which.identifier) {
        const description = 'is required for oidc and saml: provider:subject';
        throw invalid({ field: 'identifier', description, rule: 'required' });
      }
      return rewrite(owner, ({ credentials }) => deleteCredential(credentials, which), origin, wait);
    },
  };
  return operations;
}
