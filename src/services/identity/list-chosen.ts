import type { StoredIdentity } from '../../domain/identity.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import { indexIdentity } from '../../domain/identity-index.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { type IdentityPage, type IdentityQuery, storedSize } from './list.js';
import { shownRecord } from './live-record.js';

/** A page of those identities among the ids that meet the conditions, in the order of their ids. */
export async function listChosenIdentities(
  context: Pick<IdentityContext, 'store'>,
  tenant: string,
  ids: readonly string[],
  { conditions = [], limit, maxBytes, weigh = storedSize, after }: Omit<IdentityQuery, 'order' | 'offset'>,
  wait: Wait,
): Promise<IdentityPage> {
  const left = [...new Set(ids)].sort().filter((id) => after === undefined || id > after.id);
  const found = await context.store.getMany(identities, tenant, left, wait);
  const page: IdentityPage['records'] = [];
  let bytes = 0;
  for (const { body, size } of found) {
    if (body.kind !== 'identity' || !meets(body, conditions)) continue;
    const record = shownRecord(body);
    bytes += weigh(record, size);
    if (page.length === limit || (bytes > maxBytes && page.length > 0)) {
      const last = page.at(-1)!.id;
      return { records: page, next: { value: last, id: last } };
    }
    page.push(record);
  }
  return { records: page, next: undefined };
}

/** Whether the store would find it by these; only by tokens and equal fields is asked here. */
function meets(stored: StoredIdentity, conditions: readonly FilterCondition[]): boolean {
  const { tokens, fields } = indexIdentity(stored);
  const values = fields as Readonly<Record<string, unknown>>;
  return conditions.every((condition) => {
    if ('token' in condition) return tokens.includes(condition.token);
    if ('equals' in condition) return values[condition.field] === condition.equals;
    throw new TypeError('chosen identities are not filtered by ranges');
  });
}
