import type { Filter, Sort } from 'mongodb';
import { isStorable } from '../storable-text.js';
import { type Condition, EVERY_TENANT, type Query } from '../store.js';
import { idOf, type StoredDocument } from './stored-document.js';

type StoredFilter = Filter<StoredDocument>;

/** A stretch of the order that an index holds in one piece. */
export interface Stretch {
  readonly filter: StoredFilter;
  readonly sort: Sort;
  /** The index to walk, where an engine would not find it by itself. */
  readonly hint?: '_id_';
}

/** The filter of a query without its place. Field names are declared ones, and every value stands behind an operator of ours. */
export function filterOf({ tenant, where = [] }: Pick<Query, 'tenant' | 'where'>): StoredFilter {
  const tests = where.map(test);
  return {
    ...(tenant === EVERY_TENANT ? {} : { tenant: { $eq: tenant } }),
    ...(tests.length === 0 ? {} : { $and: tests }),
  };
}

function test(condition: Condition): StoredFilter {
  if ('token' in condition) return { tokens: { $eq: condition.token } };
  const name = `fields.${condition.field}`;
  if ('equals' in condition) return { [name]: { $eq: condition.equals } };
  if ('in' in condition) {
    return {
      [name]: { $in: condition.in.filter((value) => typeof value !== 'string' || isStorable(value)) },
    };
  }
  if ('contains' in condition)
    return { [name]: { $regex: condition.contains.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') } };
  const { gte, lt } = condition;
  if (gte === undefined && lt === undefined) return { [name]: { $ne: null } };
  return {
    [name]: { ...(gte === undefined ? {} : { $gte: gte }), ...(lt === undefined ? {} : { $lt: lt }) },
  };
}

/**
 * The stretches that make up the answer, in their order. What comes after a place is first the rest of its
 * equals, then the greater (or lesser) values: each is one seek, where a single filter over both is a scan.
 */
export function stretchesOf(query: Query): Stretch[] {
  const base = filterOf(query);
  const { tenant, order, after } = query;
  const descending = order?.descending === true;
  const direction = descending ? -1 : 1;
  const beyond = descending ? '$lt' : '$gt';
  const place =
    after && idOf({ tenant: tenant === EVERY_TENANT ? (after.tenant ?? '') : tenant, id: after.id });
  const all = (...parts: object[]) => ({ ...base, $and: [...(base.$and ?? []), ...parts] }) as StoredFilter;

  if (order === undefined || order.field === 'id') {
    // The engine may take a range for a reason to walk the order, though the conditions leave few.
    const walks = query.walk === true || !query.where?.length;
    // The range of the tenant lets an engine walk the index of _id; "0" is the character after "/".
    const range = {
      ...(tenant === EVERY_TENANT || !walks ? {} : { $gt: `${tenant}/`, $lt: `${tenant}0` }),
      ...(place === undefined ? {} : { [beyond]: place }),
    };
    const filter = Object.keys(range).length === 0 ? base : all({ _id: range });
    // With conditions the engine knows better; without, DocumentDB would fetch and sort the whole tenant.
    return [{ filter, sort: { _id: direction }, ...(walks ? { hint: '_id_' } : {}) }];
  }
  const name = `fields.${order.field}`;
  const sort: Sort = { [name]: direction, _id: direction };
  if (after === undefined) return [{ filter: base, sort }];
  const equals: Stretch = {
    filter: all({ [name]: { $eq: after.value } }, { _id: { [beyond]: place } }),
    sort: { _id: direction },
  };
  const nulls: Stretch = { filter: all({ [name]: { $eq: null } }), sort: { _id: direction } };
  const others: Stretch = {
    filter: all({ [name]: after.value === null ? { $ne: null } : { [beyond]: after.value } }),
    sort,
  };
  // null comes before everything, and no comparison reaches it.
  if (descending) return after.value === null ? [equals] : [equals, others, nulls];
  return [equals, others];
}
