import { isStorable } from './storable-text.js';
import {
  type Collection,
  type Condition,
  EVERY_TENANT,
  type FieldType,
  type FieldValue,
  type Query,
} from './store.js';

/**
 * Whether any document can match. Text that cannot be stored matches nothing, so it never reaches an engine.
 * Throws TypeError or RangeError for a field that is not declared, a value of another type or a bad number:
 * these are mistakes in the code, since a client's words never choose them.
 */
export function canMatch(
  collection: Collection<never>,
  query: Omit<Query, 'limit'> & { limit?: number },
): boolean {
  const { tenant, where = [], order, after, limit = 0, offset = 0 } = query;
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`limit ${limit}`);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`offset ${offset}`);
  const texts = where.flatMap((condition) => textsOf(collection, condition));
  if (tenant !== EVERY_TENANT) texts.push(tenant);
  if (order !== undefined && order.field !== 'id') typeOf(collection, order.field);
  if (after !== undefined) {
    if (tenant === EVERY_TENANT && after.tenant === undefined)
      throw new TypeError('after needs a tenant here');
    texts.push(after.id, after.tenant ?? '');
    if (order !== undefined && order.field !== 'id')
      texts.push(...checked(collection, order.field, [after.value]));
  }
  return texts.every(isStorable);
}

function textsOf(collection: Collection<never>, condition: Condition): string[] {
  if ('token' in condition) return [condition.token];
  if ('equals' in condition) return checked(collection, condition.field, [condition.equals]);
  // One unstorable choice among others only drops out, which the adapters see to.
  if ('in' in condition) return checked(collection, condition.field, condition.in).filter(isStorable);
  if ('contains' in condition) {
    if (typeOf(collection, condition.field) !== 'text')
      throw new TypeError(`${collection.name}.${condition.field} is no text`);
    return checked(collection, condition.field, [condition.contains]);
  }
  const bounds = [condition.gte, condition.lt].filter((bound) => bound !== undefined);
  return checked(collection, condition.field, bounds);
}

function checked(collection: Collection<never>, field: string, values: readonly FieldValue[]): string[] {
  const type = typeOf(collection, field);
  const texts: string[] = [];
  for (const value of values) {
    const actual = typeof value === 'string' ? 'text' : typeof value;
    if (value !== null && actual !== type) throw new TypeError(`${collection.name}.${field} is no ${actual}`);
    if (typeof value === 'string') texts.push(value);
  }
  return texts;
}

function typeOf(collection: Collection<never>, field: string): FieldType {
  const type = Object.hasOwn(collection.fields, field) ? collection.fields[field] : undefined;
  if (type === undefined) throw new TypeError(`${collection.name} declares no field ${field}`);
  return type;
}
