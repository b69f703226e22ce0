import { LEAST_NUMBER } from '../indexed-document.js';
import type { Collection, FieldType, FieldValue } from '../store.js';
import type { Bound } from './connection.js';

/** Where a collection lives in the file. */
export interface Table {
  readonly collection: Collection<never>;
  /** The SQL name, quoted. */
  readonly name: string;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly field: string;
  readonly type: FieldType;
  /** The SQL name, quoted. */
  readonly name: string;
}

const NAME = /^[a-z][a-z0-9_]{0,62}$/i;

/** Names go into SQL text, so they are held to a pattern that needs no escaping. */
export function tableOf(collection: Collection<never>): Table {
  const fields = Object.entries(collection.fields);
  for (const name of [collection.name, ...fields.map(([field]) => field)]) {
    if (!NAME.test(name)) throw new TypeError(`"${name}" cannot name a collection or field`);
  }
  const columns = fields.map(([field, type]) => ({ field, type, name: `"f_${field}"` }));
  if (new Set(columns.map(({ name }) => name.toLowerCase())).size < columns.length) {
    throw new TypeError(`${collection.name}: two fields differ in case only`);
  }
  return { collection, name: `"docs_${collection.name}"`, columns };
}

/**
 * null as a value that sorts before all others of its type: SQL's own NULL has no order, so no seek could go
 * past it. In a column of type ANY a number sorts before every text.
 */
const NULL_OF: Readonly<Record<FieldType, number>> = { text: 0, number: LEAST_NUMBER, boolean: -1 };

/** A field's value as its column holds it. */
export function encode(type: FieldType, value: FieldValue): Bound {
  if (value === null) return NULL_OF[type];
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The statements that make the table as it is declared now, given the columns that the file has. */
export function createTable(table: Table, existing: ReadonlySet<string>): string[] {
  const { name, columns } = table;
  const added = columns.filter(({ field }) => !existing.has(`f_${field}`));
  const column = (c: Column) => `${c.name} ANY NOT NULL DEFAULT ${BigInt(NULL_OF[c.type])}`;
  const statements =
    existing.size === 0
      ? [
          `CREATE TABLE ${name} (key INTEGER PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL,
             revision INTEGER NOT NULL, body TEXT NOT NULL, claims TEXT NOT NULL, tokens TEXT NOT NULL
             ${columns.map((c) => `, ${column(c)}`).join('')}) STRICT`,
        ]
      : added.map((c) => `ALTER TABLE ${name} ADD COLUMN ${column(c)}`);
  const indexes = indexesOf(table).map(
    ({ name: index, unique, columns: of }) =>
      `CREATE ${unique ? 'UNIQUE' : ''} INDEX IF NOT EXISTS "${index}" ON ${name} (${of.join(', ')})`,
  );
  return [...statements, ...indexes];
}

/** An index of a table: its SQL name, unquoted, and the SQL names of its columns, quoted where they need it. */
export interface TableIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

/** The indexes that a table's queries go by. */
export function indexesOf({ collection, columns }: Table): TableIndex[] {
  const index = (of: readonly string[], unique = false) => ({
    name: `${collection.name}_${of.map((part) => part.replaceAll('"', '')).join('_')}`,
    unique,
    columns: of,
  });
  return [
    index(['tenant', 'id'], true),
    ...columns.map(({ name }) => index(['tenant', name, 'id'])),
    ...(collection.everyTenant ?? []).map((field) => index([`"f_${field}"`, 'tenant', 'id'])),
  ];
}
