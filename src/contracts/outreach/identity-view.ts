import type { IdentityRecord } from '../../domain/identity.js';
import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import { jobTitleOf, nameParts } from '../../domain/names.js';
import type { Connection, Identity } from '../../gen/facet/outreach/v1/identities.js';

/**
 * The record as outreach shows it. Derived: first and last name fall back to the display name split at its
 * last space; role and jobTitle are the one job title.
 */
export function recordToIdentity(record: IdentityRecord): Identity {
  const name = nameParts(record);
  const jobTitle = jobTitleOf(record) ?? '';
  return {
    id: record.id,
    identityId: record.id,
    firstName: name.given ?? '',
    lastName: name.family ?? '',
    role: jobTitle,
    jobTitle,
    tenantId: record.tenant,
    linkedin: connectionToView(record.linkedin),
    createdAt: new Date(record.createTime),
    updatedAt: new Date(record.updateTime),
  };
}

function connectionToView(connection: ConnectionRecord): Connection {
  return {
    connected: isConnected(connection),
    status: connection.status,
    profileId: connection.profileId ?? undefined,
    country: connection.country ?? undefined,
    lastLoginAt: connection.lastLoginTime === null ? undefined : new Date(connection.lastLoginTime),
    lastError: connection.lastError ?? undefined,
  };
}

/** Whether LinkedIn can be used through the connection, well or badly. */
export function isConnected(connection: ConnectionRecord): boolean {
  return connection.status === 'connected' || connection.status === 'degraded';
}
