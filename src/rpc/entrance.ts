import { FacetError } from '../domain/errors.js';
import { bearerToken } from './bearer.js';
import type { Authenticate } from './call.js';
import { forwardedFor } from './forwarded.js';
import { createInFlight } from './in-flight.js';
import { watchKey } from './key-watch.js';
import type { Limits } from './limits.js';
import type { OngoingCall } from './ongoing-call.js';

/**
 * What every call passes before its first message is read, in this order: a place among all calls, the key,
 * the scope, a place among the tenant's calls. Throws FacetError.
 */
export type Entrance = (ongoing: OngoingCall) => Promise<void>;

export function createEntrance(authenticate: Authenticate, limits: Limits): Entrance {
  const [unary, streams] = [createInFlight(limits.unary), createInFlight(limits.streams)];
  const openTo = (total: number) => createInFlight({ total, perTenant: total });
  const [openUnary, openStreams] = [openTo(limits.open.unary), openTo(limits.open.streams)];
  return async ({ method, incoming, life, admit, holds }) => {
    const isStream = method.requestStream || method.responseStream;
    if (method.scope === undefined) {
      holds((isStream ? openStreams : openUnary).enter());
      return;
    }
    const inFlight = isStream ? streams : unary;
    holds(inFlight.enter());
    const token = bearerToken(incoming.metadata);
    const hops = forwardedFor(incoming.metadata);
    const principal = await authenticate(token, hops);
    // A call that has ended meanwhile must not take a place that nobody frees.
    if (life.reason !== undefined) throw life.reason;
    if (principal === undefined) throw new FacetError('UNAUTHENTICATED');
    admit(principal);
    if (!principal.scopes.includes(method.scope)) throw new FacetError('SCOPE_MISSING');
    holds(inFlight.enterTenant(principal.tenant));
    if (isStream) holds(watchKey(() => authenticate(token, hops), life));
  };
}
