import type { AddressRecord } from '../../domain/address.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { DEFAULT_SCHEMA_ID } from '../../domain/schema/identity-schema.js';
import type { Identity, RecoveryAddress, VerifiableAddress } from '../../gen/facet/admin/v1/identities.js';
import { recordToCredentials } from './credential-view.js';
import { shownTraits } from './shown-traits.js';

/** Which credentials a view has: none, or all and the configs of these types. */
export type ShownCredentials = 'none' | { readonly included: readonly string[] };

/** The record as admin shows it. Derived: the schema falls back to `default`; for the traits see `shownTraits`. */
export function recordToIdentity(record: IdentityRecord, credentials: ShownCredentials): Identity {
  const schemaId = record.schemaId ?? DEFAULT_SCHEMA_ID;
  return {
    id: record.id,
    schemaId,
    // Relative: what a caller knows this server by, only the caller knows.
    schemaUrl: `/schemas/${encodeURIComponent(schemaId)}`,
    state: record.state,
    stateChangedAt: new Date(record.stateChangeTime),
    traits: shownTraits(record),
    verifiableAddresses: record.verifiableAddresses.map(addressToVerifiable),
    recoveryAddresses: record.recoveryAddresses.map(addressToRecovery),
    metadataPublic: record.metadataPublic === null ? undefined : JSON.parse(record.metadataPublic),
    metadataAdmin: record.metadataAdmin === null ? undefined : JSON.parse(record.metadataAdmin),
    organizationId: record.organizationId ?? undefined,
    externalId: record.externalId ?? undefined,
    credentials: credentials === 'none' ? undefined : recordToCredentials(record, credentials.included),
    createdAt: new Date(record.createTime),
    updatedAt: new Date(record.updateTime),
  };
}

function addressToRecovery({ id, value, via, createTime, updateTime }: AddressRecord): RecoveryAddress {
  return { id, value, via, createdAt: new Date(createTime), updatedAt: new Date(updateTime) };
}

function addressToVerifiable(address: AddressRecord): VerifiableAddress {
  const { id, value, via, verified, status, verifiedAt, createTime, updateTime } = address;
  return {
    id,
    value,
    verified,
    via,
    status,
    verifiedAt: verifiedAt === null ? undefined : new Date(verifiedAt),
    createdAt: new Date(createTime),
    updatedAt: new Date(updateTime),
  };
}
