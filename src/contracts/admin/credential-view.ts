import {
  CREDENTIAL_TYPES,
  type CredentialRecord,
  type CredentialType,
} from '../../domain/credential/credential.js';
import { credentialIdentifiers } from '../../domain/credential/identifiers.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Credential, Credentials } from '../../gen/facet/admin/v1/identities.js';

const FIELDS: Record<CredentialType, keyof Credentials> = {
  password: 'password',
  oidc: 'oidc',
  saml: 'saml',
  totp: 'totp',
  lookup_secret: 'lookupSecret',
  webauthn: 'webauthn',
};

/** The credentials of a record by type, with the configs of those types that are included. */
export function recordToCredentials(record: IdentityRecord, included: readonly string[]): Credentials {
  const view: Record<keyof Credentials, Credential | undefined> = {
    password: undefined,
    oidc: undefined,
    saml: undefined,
    totp: undefined,
    lookupSecret: undefined,
    webauthn: undefined,
  };
  for (const credential of record.credentials) {
    if (!CREDENTIAL_TYPES.includes(credential.type)) continue;
    view[FIELDS[credential.type]] = {
      type: credential.type,
      identifiers: [...credentialIdentifiers(record, credential.type)],
      config: included.includes(credential.type) ? publicConfig(credential) : undefined,
      version: credential.version,
      createdAt: new Date(credential.createTime),
      updatedAt: new Date(credential.updateTime),
    };
  }
  return view;
}

/** What of a credential's config is no secret: the accounts of a connection, the public part of security keys. */
function publicConfig(credential: CredentialRecord): { [key: string]: unknown } {
  switch (credential.type) {
    case 'oidc':
    case 'saml':
      return { providers: credential.connections.map((connection) => ({ ...connection })) };
    case 'webauthn':
      return {
        user_handle: credential.userHandle,
        credentials: credential.keys.map((key) => JSON.parse(key)),
      };
    default:
      return {};
  }
}
