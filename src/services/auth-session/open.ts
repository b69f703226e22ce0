import {
  type AssuranceLevel,
  holds,
  newAuthSession,
  type SessionDevice,
} from '../../domain/auth-session/auth-session.js';
import { type AuthSessionView, authSessionView } from '../../domain/auth-session/view.js';
import type { CredentialType } from '../../domain/credential/credential.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Wait } from '../../storage/store.js';
import { getIdentity } from '../identity/read.js';
import { authSessions } from './collection.js';
import type { AuthSessionContext, SessionOwner } from './context.js';
import { hashToken, makeToken } from './token.js';

/** The first factor of a session, and where it was given. */
export interface SignIn {
  readonly method: CredentialType;
  readonly aal: AssuranceLevel;
  readonly device?: Omit<SessionDevice, 'id'> | undefined;
}

/** A session with its token, which nobody is told again. */
export interface OpenedSession {
  readonly session: AuthSessionView;
  readonly token: string;
}

/**
 * Opens a session for an identity that is authenticated by someone else than us.
 * Throws IDENTITY_NOT_FOUND, IDENTITY_INACTIVE or SESSION_CLOSED.
 */
export async function createSession(
  context: AuthSessionContext,
  { tenant, identityId }: SessionOwner,
  signIn: SignIn,
  wait: Wait,
): Promise<OpenedSession> {
  const identity = await getIdentity(context, tenant, identityId, wait);
  assertInUse(identity);
  return openSession(context, { tenant, identityId: identity.id }, signIn, identity.sessionEpoch, wait);
}

/**
 * Opens a session for an identity whose record had this epoch when it was authenticated. If its sessions were ended
 * since, this one is not opened: IDENTITY_NOT_FOUND, IDENTITY_INACTIVE or SESSION_CLOSED.
 */
export async function openSession(
  context: AuthSessionContext,
  { tenant, identityId }: SessionOwner,
  { method, aal, device }: SignIn,
  epoch: number,
  wait: Wait,
): Promise<OpenedSession> {
  const { store } = context;
  const key = { tenant, id: context.newId() };
  const token = makeToken();
  const given = {
    ...key,
    identityId,
    tokenHash: hashToken(token),
    epoch,
    method,
    aal,
    device: device === undefined ? null : { ...device, id: context.newId() },
  };
  const { body } = await store.insert(authSessions, key, newAuthSession(given, context.now()), wait);
  try {
    // After the insert: a deletion either finds the session or is seen here.
    const identity = await getIdentity(context, tenant, identityId, wait);
    assertInUse(identity);
    if (!holds(body, identity, context.now())) throw new FacetError('SESSION_CLOSED');
    return { session: authSessionView(body, identity, context.now()), token };
  } catch (error) {
    // Nobody has its token. One that cannot be removed now is, when it has expired.
    await store.remove(authSessions, key).catch(() => undefined);
    throw error;
  }
}

function assertInUse({ state }: IdentityRecord): void {
  if (state !== 'active') throw new FacetError('IDENTITY_INACTIVE');
}
