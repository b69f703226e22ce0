import { revoked } from '../../domain/auth-session/session-change.js';
import type { StoredIdentity } from '../../domain/identity.js';
import { mutate } from '../../storage/mutate.js';
import type { Key, Wait } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import { authSessions } from './collection.js';
import type { AuthSessionContext } from './context.js';
import { ofIdentity } from './list.js';
import { sessionPages } from './pages.js';

type Context = Pick<AuthSessionContext, 'store' | 'now'>;

/**
 * Marks the sessions of an identity's former epochs as ended, which they are for every reader since the epoch was
 * raised, and notes that this is done. It may be done as often as one likes.
 */
export async function endFormerSessions({ store, now }: Context, key: Key, wait: Wait): Promise<void> {
  const found = await store.get(identities, key, wait);
  if (found?.body.kind !== 'identity' || !found.body.sessionsEnding) return;
  const { sessionEpoch } = found.body;
  const time = now();
  const former = [
    ofIdentity(found.body),
    { field: 'epoch', lt: sessionEpoch },
    { field: 'endsAt', gte: time.getTime() + 1 },
  ];
  for await (const page of sessionPages(store, key.tenant, former, wait)) {
    const ends = page.map(({ tenant, id }) =>
      mutate(store, authSessions, { tenant, id }, (session) => revoked(session, time), wait),
    );
    await Promise.all(ends);
  }
  const settled = (stored: StoredIdentity) =>
    stored.kind === 'identity' && stored.sessionsEnding && stored.sessionEpoch === sessionEpoch
      ? { ...stored, sessionsEnding: false }
      : stored;
  await mutate(store, identities, { tenant: key.tenant, id: key.id }, settled, wait);
}

/** Removes every session that was opened under an id, once its identity is deleted. */
export async function forgetSessions({ store }: Pick<Context, 'store'>, { tenant, id }: Key): Promise<void> {
  for await (const page of sessionPages(store, tenant, [ofIdentity({ id })], {})) {
    await Promise.all(page.map((session) => store.remove(authSessions, session)));
  }
}
