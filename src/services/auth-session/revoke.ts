import { revoked } from '../../domain/auth-session/session-change.js';
import { FacetError } from '../../domain/errors.js';
import { withSessionsEnded } from '../../domain/identity-change.js';
import { mutate } from '../../storage/mutate.js';
import type { Key, Wait } from '../../storage/store.js';
import { getIdentity } from '../identity/read.js';
import { mutateIdentity } from '../identity/resolve.js';
import { authSessions } from './collection.js';
import type { AuthSessionContext, SessionOwner } from './context.js';
import { endFormerSessions } from './ending.js';
import { getSession, holding } from './list.js';
import { sessionPages } from './pages.js';

/** Ends one session; one that has ended stays so. Throws IDENTITY_NOT_FOUND or SESSION_NOT_FOUND. */
export async function revokeSession(
  context: AuthSessionContext,
  key: SessionOwner & { readonly sessionId: string },
  wait: Wait,
): Promise<void> {
  const { id } = await getSession(context, key, wait);
  if ((await end(context, { tenant: key.tenant, id }, wait)) === undefined)
    throw new FacetError('SESSION_NOT_FOUND');
}

/**
 * Ends the sessions of an identity; how many of them held. All end in one write, with those that are just being opened;
 * all but one are ended one by one, if they were there at the beginning.
 * Throws IDENTITY_NOT_FOUND, and SESSION_NOT_FOUND where the one to be kept is not the identity's.
 */
export async function revokeSessions(
  context: AuthSessionContext,
  owner: SessionOwner,
  { except }: { readonly except?: string | undefined },
  wait: Wait,
): Promise<number> {
  return except === undefined
    ? revokeAll(context, owner, wait)
    : revokeOthers(context, { ...owner, sessionId: except }, wait);
}

async function revokeAll(
  context: AuthSessionContext,
  { tenant, identityId }: SessionOwner,
  wait: Wait,
): Promise<number> {
  const before = await getIdentity(context, tenant, identityId, wait);
  const held =
    before.state === 'active'
      ? await context.store.count(authSessions, { tenant, where: holding(before, context.now()) }, wait)
      : 0;
  const ended = await mutateIdentity(context.store, { tenant, id: before.id }, withSessionsEnded, wait);
  // It is done; what is left, the sweeper does too.
  await endFormerSessions(context, { tenant, id: ended?.id ?? before.id }, wait);
  return held;
}

async function revokeOthers(
  context: AuthSessionContext,
  kept: SessionOwner & { readonly sessionId: string },
  wait: Wait,
): Promise<number> {
  const { tenant } = kept;
  const { id } = await getSession(context, kept, wait);
  const identity = await getIdentity(context, tenant, kept.identityId, wait);
  let count = 0;
  for await (const page of sessionPages(context.store, tenant, holding(identity, context.now()), wait)) {
    const others = page.filter((session) => session.id !== id);
    await Promise.all(others.map((session) => end(context, session, wait)));
    count += others.length;
  }
  return identity.state === 'active' ? count : 0;
}

function end(context: AuthSessionContext, { tenant, id }: Key, wait: Wait) {
  const now = context.now();
  return mutate(context.store, authSessions, { tenant, id }, (session) => revoked(session, now), wait);
}
