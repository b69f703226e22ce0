import { EVERY_TENANT, type FieldValue, type Query, type Store } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';

const PAGE = 200;

/** The sessions of all tenants that the query finds, page by page; `value` reads the field of its order. */
export async function* pages(
  store: Store,
  query: Pick<Query, 'where' | 'order'>,
  value: (session: SessionDocument) => FieldValue,
): AsyncGenerator<readonly SessionDocument[], void, undefined> {
  let after: Query['after'];
  for (;;) {
    const place = after === undefined ? {} : { after };
    const page = await store.find(linkedinSessions, {
      ...query,
      ...place,
      tenant: EVERY_TENANT,
      limit: PAGE,
    });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { value: value(last), id: last.id, tenant: last.tenant };
  }
}
