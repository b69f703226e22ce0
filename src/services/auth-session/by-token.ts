import {
  type AuthenticationMethod,
  type AuthSessionRecord,
  holds,
} from '../../domain/auth-session/auth-session.js';
import { raised, refreshed } from '../../domain/auth-session/session-change.js';
import { tokenClaim } from '../../domain/auth-session/session-index.js';
import { type AuthSessionView, authSessionView } from '../../domain/auth-session/view.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { getIdentity } from '../identity/read.js';
import { authSessions } from './collection.js';
import type { AuthSessionContext } from './context.js';
import { hashToken } from './token.js';

/** A session that holds, and whose it is. */
export interface HoldingSession {
  readonly session: AuthSessionView;
  readonly record: IdentityRecord;
}

/** The session of a token, as long as it holds; undefined for every other token, whatever the reason. */
export async function holdingSession(
  context: AuthSessionContext,
  tenant: string,
  token: string,
  wait: Wait,
): Promise<HoldingSession | undefined> {
  const claim = tokenClaim(hashToken(token));
  const found = await context.store.getByClaim(authSessions, tenant, claim, wait);
  if (found === undefined) return undefined;
  const record = await getIdentity(context, tenant, found.body.identityId, wait).catch(ifGone);
  const now = context.now();
  if (record === undefined || !holds(found.body, record, now)) return undefined;
  return { session: authSessionView(found.body, record, now), record };
}

/** Puts the end of a session off. Throws SESSION_NOT_FOUND where the token is of none that holds. */
export function refreshSession(
  context: AuthSessionContext,
  tenant: string,
  token: string,
  wait: Wait,
): Promise<AuthSessionView> {
  const now = context.now();
  return changeByToken(context, tenant, token, (session) => refreshed(session, now), wait);
}

/** Notes another factor that was checked. Throws SESSION_NOT_FOUND where the token is of no session that holds. */
export function raiseSession(
  context: AuthSessionContext,
  tenant: string,
  token: string,
  factor: Pick<AuthenticationMethod, 'method' | 'aal'>,
  wait: Wait,
): Promise<AuthSessionView> {
  const now = context.now();
  return changeByToken(context, tenant, token, (session) => raised(session, factor, now), wait);
}

async function changeByToken(
  context: AuthSessionContext,
  tenant: string,
  token: string,
  change: (session: AuthSessionRecord) => AuthSessionRecord,
  wait: Wait,
): Promise<AuthSessionView> {
  const holding = await holdingSession(context, tenant, token, wait);
  if (holding === undefined) throw new FacetError('SESSION_NOT_FOUND');
  const key = { tenant, id: holding.session.id };
  const changed = await mutate(context.store, authSessions, key, change, wait);
  if (changed === undefined) throw new FacetError('SESSION_NOT_FOUND');
  return authSessionView(changed.body, holding.record, context.now());
}

function ifGone(error: unknown): undefined {
  if (!(error instanceof FacetError && error.reason === 'IDENTITY_NOT_FOUND')) throw error;
}
