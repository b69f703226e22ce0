import { randomBytes } from 'node:crypto';
import { fingerprint, matchesFingerprint } from '../secrets/fingerprint.js';
import { createKeyring } from '../secrets/keyring.js';
import { type Sealed, seal, unseal } from '../secrets/sealing.js';

/**
 * How credentials keep what has to be read again or told again. A totp seed is sealed within the record itself, so that
 * a write of the record is still one write; one-time codes are too short for a plain hash, so theirs is keyed.
 */
export interface CredentialSealing {
  sealUrl(tenant: string, url: string): string;
  /** Throws UnsealError. */
  openUrl(tenant: string, sealed: string): string;
  newSalt(): string;
  hashCode(tenant: string, salt: string, code: string): string;
  isCode(hash: string, tenant: string, salt: string, code: string): boolean;
}

const SALT_BYTES = 16;

/** `keys`: 32 bytes each, newest first. */
export function createCredentialSealing(keys: readonly Uint8Array[]): CredentialSealing {
  const keyring = createKeyring(keys);
  // A copy under another tenant cannot be opened.
  const totpOf = (tenant: string) => JSON.stringify([tenant, 'totp']);
  const lookupOf = (tenant: string, salt: string) => JSON.stringify([tenant, 'lookup_secret', salt]);
  return {
    sealUrl(tenant, url) {
      const { keyId, dataKey, box } = seal(keyring, totpOf(tenant), url);
      return [keyId, dataKey, box].join('.');
    },
    openUrl(tenant, text) {
      const [keyId = '', dataKey = '', box = ''] = text.split('.');
      const sealed: Sealed = { keyId, dataKey, box };
      return unseal(keyring, totpOf(tenant), sealed);
    },
    newSalt: () => randomBytes(SALT_BYTES).toString('base64'),
    hashCode: (tenant, salt, code) => fingerprint(keyring, lookupOf(tenant, salt), [code]),
    isCode: (hash, tenant, salt, code) => matchesFingerprint(keyring, hash, lookupOf(tenant, salt), [code]),
  };
}
