import { rfc3339 } from './clock.js';
import { type ConnectionRecord, type ConnectionStatus, NO_CONNECTION } from './connection.js';
import { isFinal, type SessionRecord } from './session.js';

/** How the connector finds an account. */
export type AccountState = 'connected' | 'connecting' | 'needs_login' | 'degraded' | 'gone';

/** The stable id of an identity's LinkedIn slot. */
export function profileIdOf(identityId: string): string {
  return `li_${identityId}`;
}

/** The connection once a login has begun: a live one stays live, and a newer login keeps its place. */
export function loginStarted(connection: ConnectionRecord, session: SessionRecord): ConnectionRecord {
  if (connection.sessionId === session.id) return connection;
  if (connection.sessionTime !== null && connection.sessionTime > session.createdAt) return connection;
  return {
    ...connection,
    status: connection.status === 'not_connected' ? 'connecting' : connection.status,
    profileId: session.profileId,
    country: session.country ?? connection.country,
    sessionId: session.id,
    sessionTime: session.createdAt,
    sessionSettled: false,
  };
}

/** The connection once that login has ended; said again, or after a newer login, it changes nothing. */
export function loginEnded(before: ConnectionRecord, session: SessionRecord): ConnectionRecord {
  const connection = loginStarted(before, session);
  if (connection.sessionId !== session.id || connection.sessionSettled || !isFinal(session))
    return connection;
  if (session.state === 'connected') {
    return {
      ...connection,
      status: 'connected',
      lastLoginTime: rfc3339(session.updatedAt),
      lastError: null,
      sessionSettled: true,
      stored: true,
      ref: session.ref,
      connector: session.connector,
    };
  }
  return {
    ...connection,
    // A failed login takes back only what its own start had shown.
    status: connection.status === 'connecting' ? 'not_connected' : connection.status,
    lastError: session.error ?? connection.lastError,
    sessionSettled: true,
  };
}

/** The connection after a look at the account that it stands on. */
export function connectionChecked(connection: ConnectionRecord, found: AccountState): ConnectionRecord {
  if (found === 'gone') return disconnected(connection);
  const status: ConnectionStatus = found === 'connecting' ? 'degraded' : found;
  return { ...connection, status };
}

/** The connection once its account is given up: the slot and its history stay. */
export function disconnected(connection: ConnectionRecord): ConnectionRecord {
  const { profileId, country, lastLoginTime, sessionId, sessionTime, sessionSettled } = connection;
  return { ...NO_CONNECTION, profileId, country, lastLoginTime, sessionId, sessionTime, sessionSettled };
}
