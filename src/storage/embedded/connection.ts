import Database from 'libsql/promise';
import { toStoreError } from './sqlite-error.js';

/** What may be bound. The driver aborts the process for a boolean or undefined, so nothing else gets near it. */
export type Bound = string | number | null;

/** One SQLite connection; for one user at a time, since its prepared statements are shared. */
export interface Connection {
  /** Runs one statement, of whatever kind, on the driver's own threads. Throws the errors of the port. */
  all<Row>(sql: string, values?: readonly Bound[]): Promise<Row[]>;
  /** Runs several statements without values. */
  exec(sql: string): Promise<void>;
  /** Ends the statement that is running, from outside. */
  interrupt(): void;
  close(): void;
}

const MOST_STATEMENTS = 200;

interface Statement {
  all(values: readonly Bound[]): Promise<unknown[]>;
}

/**
 * Opens a file that exists. `run` and `get` of the driver block the event loop while they wait for a lock or
 * the disk; `all` and `exec` do not, so these two are all that is used.
 */
export function connect(path: string): Connection {
  // No waiting inside the driver, where it would hold one of its few threads: see whileBusy.
  const database = refusing(() => new Database(path, { timeout: 0 }));
  const statements = new Map<string, Statement>();

  async function prepared(sql: string): Promise<Statement> {
    const known = statements.get(sql);
    if (known !== undefined) {
      statements.delete(sql);
      statements.set(sql, known);
      return known;
    }
    const statement: Statement = await database.prepare(sql);
    statements.set(sql, statement);
    if (statements.size > MOST_STATEMENTS) statements.delete(statements.keys().next().value as string);
    return statement;
  }

  return {
    async all<Row>(sql: string, values: readonly Bound[] = []) {
      for (const value of values) {
        if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
          throw new TypeError(`a ${typeof value} cannot be bound`);
        }
      }
      try {
        return (await (await prepared(sql)).all(values)) as Row[];
      } catch (error) {
        throw toStoreError(error);
      }
    },
    async exec(sql) {
      try {
        await database.exec(sql);
      } catch (error) {
        throw toStoreError(error);
      }
    },
    interrupt: () => database.interrupt(),
    close() {
      statements.clear();
      database.close();
    },
  };
}

function refusing<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw toStoreError(error);
  }
}
