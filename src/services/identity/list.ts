import type { IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import type { IdentityOrder } from '../../domain/identity-order.js';
import type { Condition, Document, FieldValue, Wait } from '../../storage/store.js';
import type { Place } from '../page-token.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { shownRecord } from './live-record.js';

/** Which identities, in which order, how many. */
export interface IdentityQuery {
  readonly conditions?: readonly FilterCondition[];
  readonly order: IdentityOrder;
  readonly limit: number;
  /** The page ends early rather than pass this many bytes of records, though never empty. */
  readonly maxBytes: number;
  /** What a record counts in that, where it is not the bytes that the store keeps of it. */
  readonly weigh?: (record: IdentityRecord, storedBytes: number) => number;
  readonly after?: Place | undefined;
  /** How many to leave out at the beginning. */
  readonly offset?: number | undefined;
}

/** A page, and where the next one begins. */
export interface IdentityPage {
  readonly records: IdentityRecord[];
  /** Undefined at the end of the list. */
  readonly next: Place | undefined;
}

/** How many documents one look at the store brings. */
const BATCH = 500;

/** A page of the tenant's identities. What is written while a list is walked moves nothing that stands. */
export async function listIdentities(
  context: Pick<IdentityContext, 'store'>,
  tenant: string,
  query: IdentityQuery,
  wait: Wait,
): Promise<IdentityPage> {
  const { weigh = storedSize } = query;
  const records: IdentityRecord[] = [];
  let last: Document<StoredIdentity> | undefined;
  let bytes = 0;
  for (;;) {
    const after = last === undefined ? query.after : place(last, query.order);
    const limit = Math.min(BATCH, query.limit + 1 - records.length);
    const where = conditionsOf(query);
    const from = after === undefined ? { offset: query.offset ?? 0 } : { after };
    const found = await context.store.find(
      identities,
      { tenant, where, order: query.order, walk: !query.conditions?.length, limit, ...from },
      wait,
    );
    for (const document of found) {
      const record = shownRecord(document.body);
      bytes += weigh(record, document.size);
      const full = records.length === query.limit || (bytes > query.maxBytes && records.length > 0);
      if (full) return { records, next: last && place(last, query.order) };
      records.push(record);
      last = document;
    }
    if (found.length < limit) return { records, next: undefined };
  }
}

/** How many identities of the tenant meet the conditions. */
export function countIdentities(
  context: Pick<IdentityContext, 'store'>,
  tenant: string,
  query: Pick<IdentityQuery, 'conditions'>,
  wait: Wait,
): Promise<number> {
  return context.store.count(identities, { tenant, where: conditionsOf(query) }, wait);
}

/** What is left of deleted and merged identities has neither fields nor tokens, so any other condition leaves it out. */
function conditionsOf({ conditions = [] }: Pick<IdentityQuery, 'conditions'>): readonly Condition[] {
  return conditions.length > 0 ? conditions : [{ field: 'kind', equals: 'identity' }];
}

export function storedSize(_record: IdentityRecord, storedBytes: number): number {
  return storedBytes;
}

function place(document: Document<StoredIdentity>, order: IdentityOrder): Place {
  const { id, body } = document;
  if (order.field === 'id') return { value: id, id };
  const fields = identities.index(body).fields as Record<string, FieldValue>;
  return { value: fields[order.field] ?? null, id };
}
