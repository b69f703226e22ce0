import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childrenOf, killAndWait, listenerAt, listenersBehind } from './processes.js';

/** A database of the test's own, which may be killed whole or in part: false where it has no such part. */
export interface Engine {
  /** Starts what is not running; resolves to the URI. */
  up(): Promise<string>;
  /** Kills all of it at once, as a power cut would. */
  crash(): Promise<boolean>;
  /** Kills the process that the URI leads to. */
  killFront(): Promise<boolean>;
  /** Kills the server that the front keeps its data in, and all that it has forked. */
  killBehind(): Promise<boolean>;
  /** Kills one of those that it has forked, upon which it starts itself anew. */
  killOneBehind(): Promise<boolean>;
}

const run = promisify(execFile);
const UP_MS = 60_000;

/** @param program takes `up`, which prints the URI last, and `crash` */
export function engineOf(program: string): Engine {
  let uri = '';
  const front = () => listenerAt(Number(new URL(uri).port));

  async function up(): Promise<string> {
    const { stdout } = await run(program, ['up'], { timeout: UP_MS });
    uri = stdout.trim().split('\n').at(-1)!;
    return uri;
  }

  return {
    up,
    async crash() {
      await run(program, ['crash'], { timeout: UP_MS });
      return true;
    },
    async killFront() {
      await killAndWait([front()]);
      return true;
    },
    async killBehind() {
      const [server] = listenersBehind(front());
      if (server === undefined) return false;
      await killAndWait([server, ...childrenOf(server)]);
      return true;
    },
    async killOneBehind() {
      const [server] = listenersBehind(front());
      const forked = server === undefined ? [] : childrenOf(server);
      if (forked.length === 0) return false;
      // The newest serves a connection; the oldest ones do the server's own work.
      await killAndWait([Math.max(...forked)]);
      return true;
    },
  };
}
