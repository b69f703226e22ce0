import type { Document, Query, Store } from '../../../src/storage/store.js';
import { type Thing, things } from './things.js';

/** Reads all that a query finds by keyset pages; `between` is called after each. */
export async function walk(
  store: Store,
  query: Query,
  pageSize: number,
  between: () => Promise<unknown> = async () => {},
): Promise<Document<Thing>[]> {
  const found: Document<Thing>[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last && { value: sortValue(last, query.order?.field), id: last.id, tenant: last.tenant };
    const page = await store.find(things, { ...query, limit: pageSize, ...(after && { after }) });
    found.push(...page);
    if (page.length < pageSize) return found;
    await between();
  }
}

function sortValue(document: Document<Thing>, field: string | undefined) {
  if (field === undefined || field === 'id') return document.id;
  return document.body[field as 'name' | 'rank' | 'on'] ?? null;
}
