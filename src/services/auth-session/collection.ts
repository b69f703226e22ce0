import type { AuthSessionRecord } from '../../domain/auth-session/auth-session.js';
import { AUTH_SESSION_FIELDS, indexAuthSession } from '../../domain/auth-session/session-index.js';
import type { Collection } from '../../storage/store.js';

/** The auth sessions of all tenants. */
export const authSessions: Collection<AuthSessionRecord> = {
  name: 'auth_sessions',
  fields: AUTH_SESSION_FIELDS,
  everyTenant: ['endsAt'],
  index: indexAuthSession,
};
