import type { AuthSessionRecord } from '../../domain/auth-session/auth-session.js';
import type { Condition, Document, Store, Wait } from '../../storage/store.js';
import { authSessions } from './collection.js';

const PAGE = 50;

/** The sessions of a tenant that meet the conditions, newest first, page by page: none that begins on the way. */
export async function* sessionPages(
  store: Store,
  tenant: string,
  where: readonly Condition[],
  wait: Wait,
): AsyncGenerator<readonly Document<AuthSessionRecord>[], void, undefined> {
  const order = { field: 'id', descending: true };
  let after: { value: string; id: string } | undefined;
  for (;;) {
    const query = { tenant, where, order, limit: PAGE, ...(after && { after }) };
    const page = await store.find(authSessions, query, wait);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { value: last.id, id: last.id };
  }
}
