import {
  type CredentialRecord,
  credentialOf,
  type CredentialType as RecordType,
} from '../../domain/credential/credential.js';
import { credentialIdentifiers } from '../../domain/credential/identifiers.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Credential } from '../../gen/facet/v1/credential.js';
import { credentialTypeToProto } from './auth-session-view.js';

/** The credentials of a record, without anything secret. */
export function recordToCredentials(record: IdentityRecord): Credential[] {
  return record.credentials.map((credential) => toCredential(record, credential));
}

/** The one of that type, which the record has. */
export function recordToCredential(record: IdentityRecord, type: RecordType): Credential {
  return toCredential(record, credentialOf(record.credentials, type)!);
}

function toCredential(record: IdentityRecord, credential: CredentialRecord): Credential {
  return {
    type: credentialTypeToProto(credential.type),
    identifiers: [...credentialIdentifiers(record, credential.type)],
    createTime: new Date(credential.createTime),
    updateTime: new Date(credential.updateTime),
    unusedCodes:
      credential.type === 'lookup_secret'
        ? credential.codes.filter(({ usedAt }) => usedAt === null).length
        : undefined,
  };
}
