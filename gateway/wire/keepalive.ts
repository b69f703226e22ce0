import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';

/** Milliseconds within which a ping is answered, however long the interval. */
const longestAnswer = 20_000;

/** Watches over a connection that may die without a word. */
export interface Keepalive {
  /** A call is under way until its stream closes. */
  callBegins(stream: ClientHttp2Stream): void;
}

/**
 * Pings every `interval` milliseconds while calls are under way, and destroys the session where no answer comes. An
 * idle connection is not pinged: services count that as abuse.
 */
export function keepAlive(session: ClientHttp2Session, interval: number): Keepalive {
  let calls = 0;
  let late: NodeJS.Timeout | undefined;
  const giveUp = (): void => session.destroy(new Error('the service answers no pings'));
  const ping = (): void => {
    if (calls === 0 || late !== undefined || session.destroyed) return;
    // An answer that has come while the event loop was held up is read first.
    late = setTimeout(() => setImmediate(() => late && giveUp()), Math.min(interval, longestAnswer));
    session.ping(() => {
      clearTimeout(late);
      late = undefined;
    });
  };
  const timer = setInterval(ping, interval).unref();
  session.once('close', () => {
    clearInterval(timer);
    clearTimeout(late);
  });
  return {
    callBegins(stream) {
      calls++;
      stream.once('close', () => calls--);
    },
  };
}
