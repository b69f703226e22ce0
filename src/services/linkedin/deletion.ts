import type { DeletedIdentity } from '../../domain/identity.js';
import { type Document, EVERY_TENANT, type Key } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import { linkedinSessions } from './collection.js';
import type { LinkedInContext } from './context.js';
import { kindOf } from './error-kind.js';
import type { SessionWriter } from './session-writer.js';
import type { Settlement } from './settlement.js';
import { within } from './wait.js';

const DISCONNECT_MS = 10_000;
/** How long a connector that does not answer is asked again. */
const GIVE_UP_MS = 24 * 3_600_000;
const AT_ONCE = 200;

/** Cleans up after identities that were deleted. */
export interface Deletion {
  /** Calls the open login off, has the account forgotten, and removes what is left of the identity. */
  finish(tenant: string, identityId: string): Promise<void>;
  /** Finishes what a crash or a deaf connector left. */
  sweep(): Promise<void>;
}

export function createDeletion(
  context: LinkedInContext,
  writer: SessionWriter,
  settlement: Settlement,
  forget: (identity: Key) => Promise<void> = async () => undefined,
): Deletion {
  const { store, clock, log, connector, closing } = context;

  async function finish(tenant: string, identityId: string): Promise<void> {
    const found = await store.get(identities, { tenant, id: identityId });
    if (found?.body.kind !== 'deleted') return;
    const { absorbed = [] } = found.body;
    for (const id of [...absorbed, identityId]) {
      await endSessions(tenant, id);
      await forget({ tenant, id });
    }
    // In the order in which they came: a pointer goes before the one that it leads to.
    for (const id of absorbed) await store.remove(identities, { tenant, id });
    if (await forgotten(found.body)) await store.remove(identities, found);
  }

  async function endSessions(tenant: string, identityId: string): Promise<void> {
    const where = [{ field: 'identityId', equals: identityId }];
    const found = await store.find(linkedinSessions, { tenant, where, limit: AT_ONCE });
    for (const session of found) {
      const cancelled = await writer.attempt(session, { type: 'cancelled' });
      await settlement.reflect(cancelled ?? session);
      await writer.attempt(session, { type: 'orphaned' });
    }
  }

  /** Whether the connector knows the account no more, or will never be told. */
  async function forgotten({ id, linkedin, deleteTime }: DeletedIdentity): Promise<boolean> {
    if (linkedin.ref === null) return true;
    try {
      if (connector === undefined || connector.name !== linkedin.connector)
        throw new Error('another connector');
      const { ref } = linkedin;
      await within(clock, DISCONNECT_MS, closing, (signal) => connector.disconnect(ref, signal));
      return true;
    } catch (error) {
      const givenUp = clock.now() - Date.parse(deleteTime) > GIVE_UP_MS;
      log.warn(
        { identity: id, error: kindOf(error), givenUp },
        'the account of a deleted identity could not be disconnected',
      );
      return givenUp;
    }
  }

  async function sweep(): Promise<void> {
    const where = [{ field: 'kind', equals: 'deleted' }];
    const left: Document<unknown>[] = await store.find(identities, {
      tenant: EVERY_TENANT,
      where,
      limit: AT_ONCE,
    });
    await Promise.all(left.map(({ tenant, id }: Key) => finish(tenant, id)));
  }

  return { finish, sweep };
}
