import {
  type ContractName,
  type DeletedIdentity,
  IDENTITY_SCHEMA_VERSION,
  type IdentityChange,
  type IdentityRecord,
  type RequestClaim,
} from './identity.js';
import { type ConnectionRecord, NO_CONNECTION } from './linkedin/connection.js';

/** A new record, active unless the change says otherwise. `now` is RFC 3339. */
export function newIdentity(
  key: { tenant: string; id: string },
  change: IdentityChange,
  origin: { contract: ContractName; request: RequestClaim | null; now: string },
): IdentityRecord {
  return {
    kind: 'identity',
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    id: key.id,
    tenant: key.tenant,
    version: 1,
    givenName: change.givenName ?? null,
    middleName: change.middleName ?? null,
    familyName: change.familyName ?? null,
    displayName: change.displayName ?? null,
    jobTitle: change.jobTitle ?? null,
    countryCode: change.countryCode ?? null,
    tags: change.tags ?? [],
    state: change.state ?? 'active',
    externalId: change.externalId ?? null,
    linkedin: NO_CONNECTION,
    writtenBy: [origin.contract],
    request: origin.request,
    createTime: origin.now,
    updateTime: origin.now,
  };
}

/** The record with the change applied; the same object where it changes nothing. */
export function changeIdentity(
  record: IdentityRecord,
  change: IdentityChange,
  origin: { contract: ContractName; now: string },
): IdentityRecord {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const differs = given.some(([name, value]) => !equal(record[name as keyof IdentityChange], value));
  if (!differs) return record;
  const writtenBy = record.writtenBy.includes(origin.contract)
    ? record.writtenBy
    : [...record.writtenBy, origin.contract];
  return touched({ ...record, ...Object.fromEntries(given), writtenBy }, origin.now);
}

/** The record with another LinkedIn connection; the same object where it is the one that it has. */
export function changeConnection(
  record: IdentityRecord,
  linkedin: ConnectionRecord,
  now: string,
): IdentityRecord {
  return equal(record.linkedin, linkedin) ? record : touched({ ...record, linkedin }, now);
}

/** What stays of a deleted record until its clean-up is done. */
export function deletedIdentity(record: IdentityRecord, now: string): DeletedIdentity {
  return {
    kind: 'deleted',
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    id: record.id,
    tenant: record.tenant,
    linkedin: { ref: record.linkedin.ref, connector: record.linkedin.connector },
    deleteTime: now,
  };
}

/** A client-visible write: one version on, and never back in time. */
function touched(record: IdentityRecord, now: string): IdentityRecord {
  return {
    ...record,
    version: record.version + 1,
    updateTime: now > record.updateTime ? now : record.updateTime,
  };
}

function equal(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
