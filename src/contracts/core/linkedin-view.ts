import type { ConnectionRecord, ConnectionStatus } from '../../domain/linkedin/connection.js';
import { type LinkedInConnection, LinkedInConnectionStatus } from '../../gen/facet/v1/linkedin_session.js';

const CONNECTION_STATUS: Record<ConnectionStatus, LinkedInConnectionStatus> = {
  not_connected: LinkedInConnectionStatus.NOT_CONNECTED,
  connecting: LinkedInConnectionStatus.CONNECTING,
  connected: LinkedInConnectionStatus.CONNECTED,
  degraded: LinkedInConnectionStatus.DEGRADED,
  needs_login: LinkedInConnectionStatus.NEEDS_LOGIN,
};

/** The connection as facet.v1 shows it. */
export function connectionToProto(connection: ConnectionRecord): LinkedInConnection {
  return {
    status: CONNECTION_STATUS[connection.status],
    profileId: connection.profileId ?? undefined,
    countryCode: connection.country ?? undefined,
    lastLoginTime: connection.lastLoginTime === null ? undefined : new Date(connection.lastLoginTime),
    lastError: connection.lastError ?? undefined,
    sessionId: connection.sessionId ?? undefined,
  };
}
