import type { Inspection } from '../store.js';
import { isMade, openForReading } from './store-file.js';
import { indexesOf, type Table } from './table.js';
import { whileBusy } from './while-busy.js';

/** More would not be read. */
const MOST_FAULTS = 5;

/** What SQLite finds in the file, on a connection of its own that cannot write. */
export async function inspectFile(path: string, tables: readonly Table[]): Promise<Inspection> {
  if (!(await isMade(path))) {
    return { engine: 'SQLite', made: false, missingIndexes: [], clockAheadMs: undefined, damage: [] };
  }
  const connection = await whileBusy(() => openForReading(path));
  try {
    const rows = <Row>(sql: string) => whileBusy(() => connection.all<Row>(sql));
    const [version] = await rows<{ v: string }>('SELECT sqlite_version() AS v');
    const existing = await rows<{ name: string }>('SELECT name FROM sqlite_master');
    const found = await rows<{ quick_check: string }>(`PRAGMA quick_check(${MOST_FAULTS})`);
    const known = new Set(existing.map(({ name }) => name));
    const made = tables.filter(({ name }) => known.has(name.replaceAll('"', '')));
    return {
      engine: `SQLite ${version?.v}`,
      made: made.length > 0,
      missingIndexes: made.flatMap(indexesOf).flatMap(({ name }) => (known.has(name) ? [] : [name])),
      clockAheadMs: undefined,
      damage: found.map(({ quick_check }) => quick_check).filter((line) => line !== 'ok'),
    };
  } finally {
    connection.close();
  }
}
