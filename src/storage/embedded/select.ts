import { isStorable } from '../storable-text.js';
import { type Condition, EVERY_TENANT, type FieldValue, type Key, type Query } from '../store.js';
import type { Bound } from './connection.js';
import { type Column, encode, type Table } from './table.js';

/** A part of a statement and what it binds. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Bound[];
}

/**
 * A page as one row with one JSON array. The driver runs the first step of a statement on its own threads and
 * the others on ours, so a page must be ready with the first: it may have to look at the whole table.
 */
export function selectPage(table: Table, query: Query): Sql {
  const filter = where(table, query);
  const order = orderOf(table, query);
  const direction = query.order?.descending === true ? 'DESC' : 'ASC';
  const values = [...filter.values];
  let seek = '';
  if (query.after !== undefined) {
    const names = order.map(({ name }) => name);
    seek = ` AND (${names.join(', ')}) ${direction === 'DESC' ? '<' : '>'} (${names.map(() => '?').join(', ')})`;
    values.push(...order.map(({ after }) => after));
  }
  const page = `SELECT tenant, id, revision, body FROM ${table.name} WHERE ${filter.text}${seek}
    ORDER BY ${order.map(({ name }) => `${name} ${direction}`).join(', ')} LIMIT ? OFFSET ?`;
  return { text: asJson(page), values: [...values, query.limit, query.offset ?? 0] };
}

/** The documents with these keys. */
export function selectKeys(table: Table, keys: readonly Key[]): Sql {
  const text =
    asJson(`SELECT d.tenant, d.id, d.revision, d.body FROM json_each(?) k CROSS JOIN ${table.name} d
    ON d.tenant = k.value ->> 0 AND d.id = k.value ->> 1`);
  return { text, values: [JSON.stringify(keys.map(({ tenant, id }) => [tenant, id]))] };
}

/** The rows of a select of tenant, id, revision and body as one JSON array with sizes, null where there is none. */
export function asJson(select: string): string {
  return `SELECT '[' || group_concat('{"tenant":' || json_quote(tenant) || ',"id":' || json_quote(id)
    || ',"revision":' || revision || ',"size":' || octet_length(body) || ',"body":' || body || '}') || ']' AS page
    FROM (${select})`;
}

export function where(table: Table, query: Pick<Query, 'tenant' | 'where'>): Sql {
  const conditions = query.where ?? [];
  // Half of a table may have a boolean: beside a condition that leaves fewer it must not be what is sought by.
  const seeks = conditions.some(
    (each) => 'token' in each || ('equals' in each && !isBoolean(table, each.field)),
  );
  const parts = conditions.map((condition) => test(table, condition, query.tenant, seeks));
  if (query.tenant !== EVERY_TENANT) parts.unshift({ text: 'tenant = ?', values: [query.tenant] });
  return {
    text: parts.map(({ text }) => text).join(' AND ') || 'TRUE',
    values: parts.flatMap(({ values }) => values),
  };
}

function isBoolean(table: Table, field: string): boolean {
  return columnOf(table, field).type === 'boolean';
}

function test(table: Table, condition: Condition, tenant: Query['tenant'], seeks: boolean): Sql {
  if ('token' in condition) return hasToken(table, condition.token, tenant);
  const { name, type } = columnOf(table, condition.field);
  if ('equals' in condition) {
    const column = seeks && type === 'boolean' ? `+${name}` : name;
    return { text: `${column} = ?`, values: [encode(type, condition.equals)] };
  }
  if ('in' in condition) {
    const values = condition.in
      .filter((value) => typeof value !== 'string' || isStorable(value))
      .map((value) => encode(type, value));
    return { text: `${name} IN (${values.map(() => '?').join(', ')})`, values };
  }
  // Every text is at least '', which the number that stands for null is not.
  if ('contains' in condition)
    return { text: `${name} >= '' AND instr(${name}, ?) > 0`, values: [condition.contains] };
  const bounds: Sql[] = [];
  if (condition.gte === undefined) bounds.push({ text: `${name} > ?`, values: [encode(type, null)] });
  else bounds.push({ text: `${name} >= ?`, values: [condition.gte] });
  if (condition.lt !== undefined) bounds.push({ text: `${name} < ?`, values: [condition.lt] });
  return {
    text: bounds.map(({ text }) => text).join(' AND '),
    values: bounds.flatMap(({ values }) => values),
  };
}

function hasToken(table: Table, token: string, tenant: Query['tenant']): Sql {
  const { name } = table.collection;
  return tenant === EVERY_TENANT
    ? {
        text: '(tenant, id) IN (SELECT tenant, id FROM tokens WHERE collection = ? AND token = ?)',
        values: [name, token],
      }
    : {
        text: 'id IN (SELECT id FROM tokens WHERE collection = ? AND tenant = ? AND token = ?)',
        values: [name, tenant, token],
      };
}

interface OrderPart {
  readonly name: string;
  readonly after: Bound;
}

function orderOf(table: Table, { tenant, order, after }: Query): OrderPart[] {
  const parts: OrderPart[] = [{ name: 'id', after: after?.id ?? null }];
  if (tenant === EVERY_TENANT) parts.unshift({ name: 'tenant', after: after?.tenant ?? null });
  if (order !== undefined && order.field !== 'id') {
    const { name, type } = columnOf(table, order.field);
    parts.unshift({ name, after: encode(type, after?.value ?? (null as FieldValue)) });
  }
  return parts;
}

function columnOf(table: Table, field: string): Column {
  const column = table.columns.find((column) => column.field === field);
  if (column === undefined) throw new TypeError(`${table.collection.name} declares no field ${field}`);
  return column;
}
