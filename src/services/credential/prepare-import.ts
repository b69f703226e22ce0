import type { PreparedCredential } from '../../domain/credential/credential-change.js';
import {
  type ConnectedImport,
  type CredentialImport,
  type ImportPath,
  importFaults,
} from '../../domain/credential/import.js';

import { invalid, type Violation } from '../../domain/errors.js';
import type { Wait } from '../../storage/store.js';
import type { Hashing } from './hashing/hashing.js';
import { hashFault } from './hashing/hashing.js';
import type { CredentialSealing } from './sealing.js';
import { totpFault } from './totp.js';

export interface ImportContext {
  readonly hashing: Hashing;
  readonly sealing: CredentialSealing;
}

/**
 * Hashes and seals what is to be imported, before the record is touched. `at` says where the caller gave it. Throws
 * INVALID_INPUT naming every field at fault, and TOO_MANY_REQUESTS.
 */
export async function prepareImport(
  { hashing, sealing }: ImportContext,
  tenant: string,
  given: CredentialImport,
  at: ImportPath,
  wait: Wait,
): Promise<PreparedCredential[]> {
  const faults = [...importFaults(given, at), ...formFaults(given, at)];
  if (faults.length > 0) throw invalid(...faults);
  const { password, oidc, saml, totp, lookupSecret, webauthn } = given;
  const prepared: PreparedCredential[] = [];
  if (password !== undefined) {
    const { hashedPassword } = password;
    const hash = hashedPassword ?? (await hashing.hash(tenant, password.password!, wait.signal));
    prepared.push({ type: 'password', hash });
  }
  if (oidc !== undefined) prepared.push({ type: 'oidc', connections: connections(oidc) });
  if (saml !== undefined) prepared.push({ type: 'saml', connections: connections(saml) });
  if (totp !== undefined)
    prepared.push({ type: 'totp', sealedUrl: sealing.sealUrl(tenant, totp.totpUrl), lastStep: null });
  if (lookupSecret !== undefined) {
    const salt = sealing.newSalt();
    const codes = lookupSecret.codes.map(({ code, usedAt }) => ({
      hash: sealing.hashCode(tenant, salt, code),
      usedAt: usedAt ? new Date(usedAt).toISOString() : null,
    }));
    prepared.push({ type: 'lookup_secret', salt, codes });
  }
  if (webauthn !== undefined) {
    const { userHandle, credentials } = webauthn;
    prepared.push({ type: 'webauthn', userHandle, keys: credentials.map((key) => JSON.stringify(key)) });
  }
  return prepared;
}

/** What is wrong with the form of a hash or of a totp URL. */
function formFaults({ password, totp }: CredentialImport, at: ImportPath): Violation[] {
  const hash = password?.hashedPassword === undefined ? undefined : hashFault(password.hashedPassword);
  const url = totp === undefined ? undefined : totpFault(totp.totpUrl);
  return [
    ...(hash === undefined
      ? []
      : [{ field: at('password', 'hashed_password'), description: hash, rule: 'password.hash' }]),
    ...(url === undefined ? [] : [{ field: at('totp', 'totp_url'), description: url, rule: 'totp.url' }]),
  ];
}

function connections({ providers }: ConnectedImport) {
  const byName = providers.map(({ provider, subject, organization }) => ({
    provider,
    subject,
    organization: organization ?? null,
  }));
  // The same account twice is one.
  return [...new Map(byName.map((each) => [JSON.stringify([each.provider, each.subject]), each])).values()];
}
