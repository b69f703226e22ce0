import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, type ConnectionOptions, createConnection } from './connection.js';

/** The upstreams of a transport, one connection each. */
export interface Upstreams {
  /** The connection for the next call: those that are up take turns. */
  pick(): Connection;
  /** Whether one of them can be reached, trying for up to `milliseconds`. */
  ready(milliseconds: number): Promise<boolean>;
  close(): void;
}

/** `list` is upstreams parted by commas. Throws an Error where one of them is malformed. */
export function createUpstreams(list: string, options: ConnectionOptions): Upstreams {
  const connections = list.split(',').map((upstream) => createConnection(upstream.trim(), options));
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
      for (let left = milliseconds; left > 0; left = deadline - Date.now()) {
        const opened = Promise.any(connections.map((connection) => connection.open())).then(
          () => true,
          () => sleep(Math.min(left, 50), false),
        );
        if (await Promise.race([opened, sleep(Math.min(left, 250), false)])) return true;
      }
      return false;
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
