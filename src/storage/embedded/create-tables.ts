import type { Connection } from './connection.js';
import { createTable, type Table } from './table.js';
import { whileBusy } from './while-busy.js';

/**
 * Brings the tables of the file to what is declared, in one transaction. A field that is new is null until its
 * document is written again.
 */
export async function createTables(connection: Connection, tables: readonly Table[]): Promise<void> {
  await whileBusy(() => connection.exec('BEGIN IMMEDIATE'));
  try {
    for (const table of tables) {
      const existing = await connection.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', [
        table.name.replaceAll('"', ''),
      ]);
      for (const statement of createTable(table, new Set(existing.map(({ name }) => name)))) {
        await connection.exec(statement);
      }
    }
    await connection.exec('COMMIT');
  } catch (error) {
    await connection.exec('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Counts how selective each index is, so that a query goes by the one that leaves the fewest rows. */
export async function analyze(connection: Connection): Promise<void> {
  await connection.exec('PRAGMA analysis_limit = 1000; ANALYZE;');
}
