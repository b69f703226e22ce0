import { isFinal, type SessionRecord } from './session.js';

/** How long the process that ended a session has to settle it before others look. */
const SETTLE_GRACE_MS = 2_000;

/** When an open session ends by itself; null once it has ended. */
export function deadlineOf(session: SessionRecord): number | null {
  switch (session.state) {
    case 'queued':
      return session.createdAt + session.maxWaitMs;
    case 'connecting':
      return (session.connectingAt ?? session.createdAt) + session.maxWaitMs;
    case 'verification_required':
    case 'verifying':
      return Math.min(
        session.challenge?.expiresAt ?? Number.POSITIVE_INFINITY,
        (session.firstChallengeAt ?? session.createdAt) + session.maxWaitMs,
      );
    default:
      return null;
  }
}

/** When somebody has to look at the session, should nothing happen to it before. */
export function dueAt(session: SessionRecord): number | null {
  if (isFinal(session)) {
    if (session.settlement === 'done') return session.removeAt;
    return session.retryAt ?? session.updatedAt + SETTLE_GRACE_MS;
  }
  const leaseEnd = session.lease?.until ?? Number.POSITIVE_INFINITY;
  // A code that is being checked is let through to its result, however late.
  const deadline = session.state === 'verifying' ? null : deadlineOf(session);
  return Math.min(leaseEnd, deadline ?? Number.POSITIVE_INFINITY);
}
