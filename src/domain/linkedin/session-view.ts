import type { Challenge } from './challenge.js';
import { rfc3339 } from './clock.js';
import type { LoginError } from './login-error.js';
import type { LogEntry, SessionRecord, SessionState } from './session.js';
import { deadlineOf } from './session-due.js';

/** What the person has to do, as it is shown. */
export type ChallengeView = Pick<Challenge, 'type' | 'channel' | 'needsCode' | 'attemptsLeft'> & {
  readonly expireTime: string;
};

/** A session as it is shown: no secret, no name of the connector's. Times are RFC 3339. */
export interface SessionView {
  readonly id: string;
  readonly identityId: string;
  readonly profileId: string;
  readonly state: SessionState;
  readonly challenge: ChallengeView | null;
  readonly error: LoginError | null;
  /** When it ends by itself, while it is open. */
  readonly expireTime: string | null;
  readonly createTime: string;
  readonly updateTime: string;
  readonly sequence: number;
}

/** The session as it is. */
export function sessionView(session: SessionRecord): SessionView {
  const { sequence, state, challenge, error, updatedAt } = session;
  return view(session, { sequence, state, challenge, error, at: updatedAt, deadline: deadlineOf(session) });
}

/** The session as it was after that entry of its log. */
export function sessionViewAt(session: SessionRecord, entry: LogEntry): SessionView {
  return view(session, entry);
}

function view(session: SessionRecord, entry: Omit<LogEntry, 'type'>): SessionView {
  return {
    id: session.id,
    identityId: session.identityId,
    profileId: session.profileId,
    state: entry.state,
    challenge: entry.challenge === null ? null : challengeView(entry.challenge, entry.deadline),
    error: entry.error,
    expireTime: entry.deadline === null ? null : rfc3339(entry.deadline),
    createTime: rfc3339(session.createdAt),
    updateTime: rfc3339(entry.at),
    sequence: entry.sequence,
  };
}

/** LinkedIn may give a person more time than the session has left. */
function challengeView(challenge: Challenge, deadline: number | null): ChallengeView {
  const { type, channel, needsCode, attemptsLeft, expiresAt } = challenge;
  const expireTime = rfc3339(Math.min(expiresAt, deadline ?? Number.POSITIVE_INFINITY));
  return { type, channel, needsCode, attemptsLeft, expireTime };
}
