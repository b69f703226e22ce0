import { orAborted } from '../abort.js';
import { StoreUnavailableError } from '../errors.js';
import type { Connection } from './connection.js';
import { whileBusy } from './while-busy.js';

/** The connections that only read, each for one query at a time. */
export interface Readers {
  /** Lends one to `read`. An aborted signal ends the wait, and the query with it. */
  use<T>(read: (connection: Connection) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Replaces the connections by and by, so that they see new statistics. */
  refresh(): void;
  /** Finishes what runs, refuses what waits. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 4;

interface Lent {
  readonly connection: Connection;
  readonly generation: number;
}

export function createReaders(connect: () => Promise<Connection>): Readers {
  const idle: Lent[] = [];
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<unknown>>();
  let lent = 0;
  let generation = 0;
  let closed = false;

  async function take(): Promise<Lent> {
    for (let reader = idle.pop(); reader !== undefined; reader = idle.pop()) {
      if (reader.generation === generation) return reader;
      reader.connection.close();
    }
    return { connection: await whileBusy(connect), generation };
  }

  async function run<T>(
    read: (connection: Connection) => Promise<T>,
    signal: AbortSignal | undefined,
    onLent: (connection: Connection | undefined) => void,
  ): Promise<T> {
    if (lent === MOST_CONNECTIONS) await new Promise<void>((resolve) => waiting.push(resolve));
    else lent++;
    // From here on this call has one of the places, and passes it on when it is done.
    try {
      if (closed) throw new StoreUnavailableError('the store is closed');
      signal?.throwIfAborted();
      const reader = await take();
      onLent(reader.connection);
      try {
        return await whileBusy(() => read(reader.connection), signal);
      } finally {
        onLent(undefined);
        if (closed) reader.connection.close();
        else idle.push(reader);
      }
    } finally {
      const next = waiting.shift();
      if (next === undefined) lent--;
      else next();
    }
  }

  return {
    use(read, signal) {
      let reading: Connection | undefined;
      const done = run(read, signal, (connection) => {
        reading = connection;
      });
      const settled: Promise<void> = done.then(
        () => undefined,
        () => undefined,
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return orAborted(done, signal, () => reading?.interrupt());
    },
    refresh() {
      generation++;
    },
    async close() {
      closed = true;
      await Promise.all(running);
      for (const { connection } of idle.splice(0)) connection.close();
    },
  };
}
