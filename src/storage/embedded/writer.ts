import { StoreUnavailableError } from '../errors.js';
import type { Connection } from './connection.js';
import { analyze } from './create-tables.js';
import type { Outcome, Write } from './plan-writes.js';
import type { Table } from './table.js';
import { applyWrites } from './transact.js';
import { whileBusy } from './while-busy.js';

/** The one that writes in this process. What waits while a transaction is on the way shares the next. */
export interface Writer {
  /** Resolves when the write is on the disk. An abort before its transaction began means that it is not made. */
  write(table: Table, write: Write, signal: AbortSignal | undefined): Promise<Outcome>;
  /** Finishes what waits, then refuses. */
  close(): Promise<void>;
}

interface Job {
  readonly table: Table;
  readonly write: Write;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 64;
const MOST_CHARACTERS_AT_ONCE = 4 * 1024 * 1024;

/** Statistics are counted anew after so many writes, then after twice as many, and so on. */
const FIRST_ANALYSIS = 1_000;

/** @param onAnalyzed told that the file has new statistics */
export function createWriter(connection: Connection, onAnalyzed: () => void): Writer {
  const queue: Job[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  let untilAnalysis = FIRST_ANALYSIS;
  let written = 0;

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const group = takeGroup(queue);
      await commit(connection, group);
      written += group.length;
      if (written >= untilAnalysis) await renewStatistics();
    }
    working = undefined;
  }

  async function renewStatistics(): Promise<void> {
    written = 0;
    untilAnalysis *= 2;
    // They only make queries faster; where another process writes now, there will be a next time.
    await analyze(connection).then(onAnalyzed, () => undefined);
  }

  return {
    write(table, write, signal) {
      if (closed) return Promise.reject(new StoreUnavailableError('the store is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ table, write, signal, resolve, reject });
        working ??= work();
      });
    },
    async close() {
      closed = true;
      await working;
    },
  };
}

/** The next in the queue and those behind it that go into the same table. */
function takeGroup(queue: Job[]): Job[] {
  let characters = 0;
  let count = 0;
  for (const { table, write } of queue) {
    characters += write.kind === 'remove' ? 0 : write.document.json.length;
    const full = count === MOST_AT_ONCE || characters > MOST_CHARACTERS_AT_ONCE;
    if (count > 0 && (full || table !== queue[0]?.table)) break;
    count++;
  }
  return queue.splice(0, count);
}

/** Never rejects: each job of the group learns of its own end. */
async function commit(connection: Connection, group: readonly Job[]): Promise<void> {
  try {
    await whileBusy(() => connection.exec('BEGIN IMMEDIATE'));
  } catch (error) {
    for (const job of group) job.reject(error);
    return;
  }
  const jobs = group.filter(({ signal }) => !signal?.aborted);
  for (const job of group) if (!jobs.includes(job)) job.reject(job.signal?.reason);
  try {
    const table = jobs[0]?.table;
    const writes = jobs.map(({ write }) => write);
    const outcomes = table === undefined ? [] : await applyWrites(connection, table, writes);
    await connection.exec('COMMIT');
    jobs.forEach((job, i) => {
      job.resolve(outcomes[i] as Outcome);
    });
  } catch (error) {
    // Where SQLite has rolled back by itself there is no transaction left to end.
    await connection.exec('ROLLBACK').catch(() => undefined);
    if (jobs.length === 1) jobs[0]?.reject(error);
    // One write that fails must not take its neighbours with it.
    else for (const job of jobs) await commit(connection, [job]);
  }
}
