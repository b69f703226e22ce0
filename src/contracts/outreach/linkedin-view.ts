import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import type { SessionView } from '../../domain/linkedin/session-view.js';
import type {
  CheckLinkedInResponse,
  GetLinkedInStatusResponse,
  LoginLinkedInResponse,
  LoginResult,
} from '../../gen/facet/outreach/v1/identities.js';
import { isConnected } from './identity-view.js';

function loginResult(session: SessionView): LoginResult {
  return { profileId: session.profileId, sessionId: session.id, status: session.state };
}

/** The answer to a login. */
export function sessionToLogin(session: SessionView): LoginLinkedInResponse {
  return {
    status: 'success',
    message: 'LinkedIn login initiated',
    identityId: session.identityId,
    loginResult: loginResult(session),
  };
}

/** The answer to a code: it names the session at the top too. */
export function sessionToVerification(session: SessionView): LoginLinkedInResponse {
  return { ...sessionToLogin(session), message: 'Verification code submitted', sessionId: session.id };
}

/** A login's progress. */
export function sessionToStatus(session: SessionView): GetLinkedInStatusResponse {
  return {
    status: 'success',
    identityId: session.identityId,
    sessionId: session.id,
    profileId: session.profileId,
    operation: 'login',
    sessionStatus: session.state,
    loginResult: loginResult(session),
    challenge: session.challenge === null ? undefined : challengeToView(session.challenge),
    error: session.error ?? undefined,
    expiresAt: session.expireTime === null ? undefined : new Date(session.expireTime),
    createdAt: new Date(session.createTime),
    updatedAt: new Date(session.updateTime),
    sequence: session.sequence,
  };
}

function challengeToView(challenge: NonNullable<SessionView['challenge']>) {
  return {
    type: challenge.type,
    channel: challenge.channel ?? undefined,
    needsCode: challenge.needsCode,
    expiresAt: new Date(challenge.expireTime),
    attemptsLeft: challenge.attemptsLeft,
  };
}

/** The connection as it was last looked at. */
export function connectionToCheck(
  identityId: string,
  found: { connection: ConnectionRecord; sessionId: string | null; checkedAt: string },
): CheckLinkedInResponse {
  const { connection } = found;
  return {
    status: 'success',
    identityId,
    linkedin: {
      connected: isConnected(connection),
      status: connection.status,
      profileId: connection.profileId ?? undefined,
      sessionId: found.sessionId ?? undefined,
      checkedAt: new Date(found.checkedAt),
      lastError: connection.lastError ?? undefined,
    },
  };
}
