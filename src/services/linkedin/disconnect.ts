import { FacetError } from '../../domain/errors.js';
import { changeConnection } from '../../domain/identity-change.js';
import { rfc3339 } from '../../domain/linkedin/clock.js';
import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import { disconnected } from '../../domain/linkedin/connection-change.js';
import { isFinal } from '../../domain/linkedin/session.js';
import { openLoginClaim } from '../../domain/linkedin/session-index.js';
import { mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import { linkedinSessions } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { IdentityKey, SessionAccess } from './session-access.js';
import type { SessionWriter } from './session-writer.js';
import type { Settlement } from './settlement.js';
import { within } from './wait.js';

const DISCONNECT_MS = 10_000;

/**
 * Calls an open login off and has the connector forget the account, then says so in the identity: asked
 * again after a crash in between, it finishes. Throws CONNECTOR_UNAVAILABLE where the connector does not answer.
 */
export function createDisconnect(
  { store, clock, connector, closing }: LinkedInContext,
  access: SessionAccess,
  writer: SessionWriter,
  settlement: Settlement,
) {
  return async function disconnect(asked: IdentityKey, wait: Wait = {}): Promise<ConnectionRecord> {
    const key = await access.owner(asked, wait);
    const { tenant, identityId } = key;
    const holder = await store.getByClaim(linkedinSessions, tenant, openLoginClaim(identityId), wait);
    if (holder !== undefined) {
      const called = isFinal(holder.body)
        ? undefined
        : await writer.attempt(holder, { type: 'cancelled' }, wait);
      const ended = called ?? (await store.get(linkedinSessions, holder, wait));
      if (ended !== undefined) await settlement.reflect(ended);
    }
    const { linkedin } = await access.identity(key, wait);
    if (linkedin.ref !== null) await forget(linkedin);
    const time = rfc3339(clock.now());
    const after = await mutate(
      store,
      identities,
      { tenant, id: identityId },
      (identity) => {
        if (identity.kind !== 'identity' || identity.linkedin.ref !== linkedin.ref) return identity;
        return changeConnection(identity, disconnected(identity.linkedin), time);
      },
      wait,
    );
    if (after?.body.kind !== 'identity') throw new FacetError('IDENTITY_NOT_FOUND');
    return after.body.linkedin;
  };

  async function forget({ ref, connector: name }: ConnectionRecord): Promise<void> {
    if (connector === undefined || connector.name !== name) throw new FacetError('CONNECTOR_UNAVAILABLE');
    try {
      await within(clock, DISCONNECT_MS, closing, (signal) => connector.disconnect(ref!, signal));
    } catch (cause) {
      const message = 'LinkedIn could not be reached; try again.';
      throw new FacetError('CONNECTOR_UNAVAILABLE', { message, cause });
    }
  }
}
