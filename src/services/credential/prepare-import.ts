import type { PreparedCredential } from '../../domain/credential/credential-change.js';
import type { ConnectedImport, CredentialImport } from '../../domain/credential/import.js';
import { importFaults } from '../../domain/credential/import.js';
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
 * Hashes and seals what is to be imported, before the record is touched. `field` is where the caller gave it. Throws
 * INVALID_INPUT naming every field at fault, and TOO_MANY_REQUESTS.
 */
export async function prepareImport(
  { hashing, sealing }: ImportContext,
  tenant: string,
  given: CredentialImport,
  field: string,
  wait: Wait,
): Promise<PreparedCredential[]> {
  const faults = [...importFaults(given, field), ...formFaults(given, field)];
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
function formFaults({ password, totp }: CredentialImport, field: string): Violation[] {
  const faults: Violation[] = [];
  const add = (path: string, description: string | undefined, rule: string) => {
    if (description !== undefined) faults.push({ field: `${field}.${path}`, description, rule });
  };
  if (password?.hashedPassword !== undefined)
    add('password.config.hashed_password', hashFault(password.hashedPassword), 'password.hash');
  if (totp !== undefined) add('totp.config.totp_url', totpFault(totp.totpUrl), 'totp.url');
  return faults;
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
