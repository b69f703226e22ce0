import { type AuthSessionView, authSessionView } from '../../domain/auth-session/view.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { Condition, Wait } from '../../storage/store.js';
import { getIdentity } from '../identity/read.js';
import type { Place } from '../page-token.js';
import { authSessions } from './collection.js';
import type { AuthSessionContext, SessionOwner } from './context.js';

/** Which sessions, and how many. */
export interface AuthSessionQuery {
  /** True: those that hold; false: those that have ended; undefined: all. */
  readonly active?: boolean | undefined;
  readonly limit: number;
  readonly after?: Place | undefined;
}

/** A page, and where the next one begins. */
export interface AuthSessionPage {
  readonly sessions: AuthSessionView[];
  /** Undefined at the end of the list. */
  readonly next: Place | undefined;
}

/** How many documents one look at the store brings at most. */
const BATCH = 500;

/** The sessions of an identity, newest first. Throws IDENTITY_NOT_FOUND. */
export async function listSessions(
  context: AuthSessionContext,
  { tenant, identityId }: SessionOwner,
  { active, limit, after }: AuthSessionQuery,
  wait: Wait,
): Promise<AuthSessionPage> {
  const identity = await getIdentity(context, tenant, identityId, wait);
  const now = context.now();
  const where = active === true ? holding(identity, now) : [ofIdentity(identity)];
  const sessions: AuthSessionView[] = [];
  let place = after;
  for (;;) {
    const batch = Math.min(BATCH, limit + 1 - sessions.length);
    const query = { tenant, where, order: { field: 'id', descending: true }, limit: batch };
    const found = await context.store.find(authSessions, { ...query, ...(place && { after: place }) }, wait);
    for (const { id, body } of found) {
      place = { value: id, id };
      const view = authSessionView(body, identity, now);
      // What has ended shows in the session or in its identity, so there is no one condition for it.
      if (active !== undefined && view.active !== active) continue;
      if (sessions.length === limit) return { sessions, next: placeOf(sessions.at(-1)!) };
      sessions.push(view);
    }
    if (found.length < batch) return { sessions, next: undefined };
  }
}

/** One session of an identity. Throws IDENTITY_NOT_FOUND or SESSION_NOT_FOUND. */
export async function getSession(
  context: AuthSessionContext,
  { tenant, identityId, sessionId }: SessionOwner & { readonly sessionId: string },
  wait: Wait,
): Promise<AuthSessionView> {
  const identity = await getIdentity(context, tenant, identityId, wait);
  const found = await context.store.get(authSessions, { tenant, id: sessionId }, wait);
  if (found?.body.identityId !== identity.id) throw new FacetError('SESSION_NOT_FOUND');
  return authSessionView(found.body, identity, context.now());
}

export function ofIdentity({ id }: Pick<IdentityRecord, 'id'>): Condition {
  return { field: 'identityId', equals: id };
}

/** What is true of the sessions that hold, as long as the identity is in use. */
export function holding(identity: IdentityRecord, now: Date): Condition[] {
  return [
    ofIdentity(identity),
    { field: 'epoch', equals: identity.sessionEpoch },
    { field: 'endsAt', gte: now.getTime() + 1 },
  ];
}

function placeOf({ id }: AuthSessionView): Place {
  return { value: id, id };
}
