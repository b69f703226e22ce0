import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import { isFinal } from '../../domain/linkedin/session.js';
import { deadlineOf } from '../../domain/linkedin/session-due.js';
import type { Wait } from '../../storage/store.js';
import { getIdentity } from '../identity/read.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { SessionWriter } from './session-writer.js';
import type { Settlement } from './settlement.js';

/** Whose connection or session is asked for. */
export interface IdentityKey {
  readonly tenant: string;
  readonly identityId: string;
}

export interface SessionKey extends IdentityKey {
  readonly sessionId: string;
}

/** How callers come to identities and sessions. */
export interface SessionAccess {
  /** Throws IDENTITY_NOT_FOUND. */
  identity(key: IdentityKey, wait?: Wait): Promise<IdentityRecord>;
  /** The same by the id of its own, where it was asked for by that of one merged into it. */
  owner(key: IdentityKey, wait?: Wait): Promise<IdentityKey>;
  /** The identity's connection, with the end of its last login carried over. Throws IDENTITY_NOT_FOUND. */
  connection(key: IdentityKey, wait?: Wait): Promise<ConnectionRecord>;
  /**
   * The session as it is now: one whose time is up has ended, and the end of one shows in its identity.
   * Throws IDENTITY_NOT_FOUND and SESSION_NOT_FOUND.
   */
  session(key: SessionKey, wait?: Wait): Promise<SessionDocument>;
  /** The session, ended if its time is up. */
  asOfNow(found: SessionDocument, wait?: Wait): Promise<SessionDocument>;
}

export function createSessionAccess(
  { store, clock, log }: LinkedInContext,
  writer: SessionWriter,
  settlement: Settlement,
): SessionAccess {
  async function identity({ tenant, identityId }: IdentityKey, wait?: Wait): Promise<IdentityRecord> {
    return getIdentity({ store }, tenant, identityId, wait ?? {});
  }

  async function owner(key: IdentityKey, wait?: Wait): Promise<IdentityKey> {
    return { tenant: key.tenant, identityId: (await identity(key, wait)).id };
  }

  async function connection(key: IdentityKey, wait?: Wait): Promise<ConnectionRecord> {
    const { linkedin } = await identity(key, wait);
    if (linkedin.sessionId === null || linkedin.sessionSettled) return linkedin;
    const last = await store.get(linkedinSessions, { tenant: key.tenant, id: linkedin.sessionId }, wait);
    if (last === undefined || !isFinal(last.body)) return linkedin;
    await carryOver(last);
    return (await identity(key, wait)).linkedin;
  }

  async function carryOver(ended: SessionDocument): Promise<void> {
    await settlement.reflect(ended).catch((error: unknown) => {
      log.warn(
        { err: error, session: ended.id },
        'the end of a LinkedIn login could not be carried over yet',
      );
    });
  }

  async function asOfNow(found: SessionDocument, wait?: Wait): Promise<SessionDocument> {
    const deadline = deadlineOf(found.body);
    if (deadline === null || deadline > clock.now()) return found;
    return (await writer.attempt(found, { type: 'deadline_passed' }, wait)) ?? found;
  }

  async function session(key: SessionKey, wait?: Wait): Promise<SessionDocument> {
    const { tenant, identityId, sessionId } = key;
    const [record, found] = await Promise.all([
      identity(key, wait),
      store.get(linkedinSessions, { tenant, id: sessionId }, wait),
    ]);
    const ids = [identityId, record.id, ...record.absorbed.map(({ id }) => id)];
    if (found === undefined || !ids.includes(found.body.identityId))
      throw new FacetError('SESSION_NOT_FOUND');
    const now = await asOfNow(found, wait);
    await carryOver(now);
    return now;
  }

  return { identity, owner, connection, session, asOfNow };
}
