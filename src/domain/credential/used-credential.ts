import { FacetError } from '../errors.js';
import type { IdentityRecord } from '../identity.js';
import { type CredentialRecord, credentialOf, type LookupCode } from './credential.js';

/**
 * What signing in leaves in a record. Clients see no change of it, so neither the version nor a time moves. Each throws
 * CODE_INVALID for what cannot be used (again), and is pure: whoever comes second with one code is refused.
 */

/** The record after a code of that time step was taken. */
export function withStepUsed(record: IdentityRecord, step: number | undefined): IdentityRecord {
  const totp = credentialOf(record.credentials, 'totp');
  if (totp === undefined || step === undefined || (totp.lastStep !== null && step <= totp.lastStep))
    throw new FacetError('CODE_INVALID');
  return withCredential(record, { ...totp, lastStep: step });
}

/** The record after a one-time code was taken; `isIt` tells which. */
export function withLookupUsed(
  record: IdentityRecord,
  isIt: (code: LookupCode, salt: string) => boolean,
  now: string,
): IdentityRecord {
  const lookup = credentialOf(record.credentials, 'lookup_secret');
  const used = lookup?.codes.find((code) => isIt(code, lookup.salt) && code.usedAt === null);
  if (lookup === undefined || used === undefined) throw new FacetError('CODE_INVALID');
  const codes = lookup.codes.map((code) => (code === used ? { ...code, usedAt: now } : code));
  return withCredential(record, { ...lookup, codes });
}

/** The record with the password hashed anew; the same object where it has been changed in between. */
export function withRehash(record: IdentityRecord, before: string, after: string): IdentityRecord {
  const password = credentialOf(record.credentials, 'password');
  return password?.hash === before ? withCredential(record, { ...password, hash: after }) : record;
}

function withCredential(record: IdentityRecord, credential: CredentialRecord): IdentityRecord {
  const credentials = record.credentials.map((each) => (each.type === credential.type ? credential : each));
  return { ...record, credentials };
}
