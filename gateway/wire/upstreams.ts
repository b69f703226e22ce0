import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type TlsFiles } from './connection.js';

/** The upstreams of a transport, one connection each. */
export interface Upstreams {
  /** The connection for the next call: those that are up take turns. */
  pick(): Connection;
  /** Whether one of them can be reached, trying for up to `milliseconds`. */
  ready(milliseconds: number): Promise<boolean>;
  close(): void;
}

/** `list` is upstreams parted by commas. Throws an Error where one of them is malformed. */
export function createUpstreams(list: string, tls: TlsFiles | undefined): Upstreams {
  const connections = list.split(',').map((upstream) => createConnection(upstream.trim(), tls));
  let turn = 0;

  return {
    pick() {
      const only = connections[0] as Connection;
      if (connections.length === 1) return only;
      turn = (turn + 1) % connections.length;
      const order = connections.map(
        (_, index) => connections[(turn + index) % connections.length] as Connection,
      );
      for (const connection of order) {
        // Those that are down are tried beside the calls, so that they take part again when they are back.
        if (connection.session() === undefined && !connection.resting()) connection.open().catch(() => {});
      }
      return (
        order.find((connection) => connection.session() !== undefined) ??
        order.find((connection) => !connection.resting()) ??
        (order[0] as Connection)
      );
    },
    async ready(milliseconds) {
      const deadline = Date.now() + milliseconds;
      for (;;) {
        const left = deadline - Date.now();
        const late = sleep(Math.max(left, 0), false, { ref: false });
        const opened = Promise.any(connections.map((connection) => connection.open()));
        if (
          await Promise.race([
            opened.then(
              () => true,
              () => false,
            ),
            late,
          ])
        )
          return true;
        if (left <= 0) return false;
        await sleep(50, undefined, { ref: false });
      }
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
