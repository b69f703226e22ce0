import { holdingSession, raiseSession, refreshSession } from './by-token.js';
import type { AuthSessionContext } from './context.js';
import { getSession, listSessions } from './list.js';
import { createSession, openSession } from './open.js';
import { revokeSession, revokeSessions } from './revoke.js';

type Bound<F> = F extends (context: AuthSessionContext, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** Everything that can be done with auth sessions. */
export interface AuthSessionOperations {
  readonly create: Bound<typeof createSession>;
  readonly open: Bound<typeof openSession>;
  readonly get: Bound<typeof getSession>;
  readonly list: Bound<typeof listSessions>;
  readonly holding: Bound<typeof holdingSession>;
  readonly raise: Bound<typeof raiseSession>;
  readonly refresh: Bound<typeof refreshSession>;
  readonly revoke: Bound<typeof revokeSession>;
  readonly revokeAll: Bound<typeof revokeSessions>;
}

export function authSessionOperations(context: AuthSessionContext): AuthSessionOperations {
  return {
    create: (...rest) => createSession(context, ...rest),
    open: (...rest) => openSession(context, ...rest),
    get: (...rest) => getSession(context, ...rest),
    list: (...rest) => listSessions(context, ...rest),
    holding: (...rest) => holdingSession(context, ...rest),
    raise: (...rest) => raiseSession(context, ...rest),
    refresh: (...rest) => refreshSession(context, ...rest),
    revoke: (...rest) => revokeSession(context, ...rest),
    revokeAll: (...rest) => revokeSessions(context, ...rest),
  };
}
