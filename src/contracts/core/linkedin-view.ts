import type { ConnectionRecord, ConnectionStatus } from '../../domain/linkedin/connection.js';
import type { SessionState } from '../../domain/linkedin/session.js';
import type { ChallengeView, SessionView } from '../../domain/linkedin/session-view.js';
import {
  type LinkedInConnection,
  LinkedInConnectionStatus,
  type LinkedInSession,
  LinkedInSessionState,
  type LoginChallenge,
} from '../../gen/facet/v1/linkedin_session.js';

const CONNECTION_STATUS: Record<ConnectionStatus, LinkedInConnectionStatus> = {
  not_connected: LinkedInConnectionStatus.NOT_CONNECTED,
  connecting: LinkedInConnectionStatus.CONNECTING,
  connected: LinkedInConnectionStatus.CONNECTED,
  degraded: LinkedInConnectionStatus.DEGRADED,
  needs_login: LinkedInConnectionStatus.NEEDS_LOGIN,
};

const SESSION_STATE: Record<SessionState, LinkedInSessionState> = {
  queued: LinkedInSessionState.QUEUED,
  connecting: LinkedInSessionState.CONNECTING,
  verification_required: LinkedInSessionState.VERIFICATION_REQUIRED,
  verifying: LinkedInSessionState.VERIFYING,
  connected: LinkedInSessionState.CONNECTED,
  failed: LinkedInSessionState.FAILED,
  expired: LinkedInSessionState.EXPIRED,
  cancelled: LinkedInSessionState.CANCELLED,
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

/** The session as facet.v1 shows it. */
export function sessionToProto(session: SessionView): LinkedInSession {
  return {
    id: session.id,
    identityId: session.identityId,
    profileId: session.profileId,
    state: SESSION_STATE[session.state],
    challenge: session.challenge === null ? undefined : challengeToProto(session.challenge),
    error: session.error ?? undefined,
    expireTime: session.expireTime === null ? undefined : new Date(session.expireTime),
    createTime: new Date(session.createTime),
    updateTime: new Date(session.updateTime),
    sequence: session.sequence,
  };
}

function challengeToProto(challenge: ChallengeView): LoginChallenge {
  return {
    type: challenge.type,
    channel: challenge.channel ?? undefined,
    needsCode: challenge.needsCode,
    expireTime: new Date(challenge.expireTime),
    attemptsLeft: challenge.attemptsLeft,
  };
}
