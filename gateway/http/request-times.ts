import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long requests may take, in milliseconds. */
export interface RequestTimes {
  /** From its headers to the end of its body. */
  readonly whole: number;
  /** For a stream instead: without a byte from its caller while one is waited for, nor one to it. */
  readonly idle: number;
}

/** Tells what happens on a stream of requests, so that it lives while it moves. */
export interface StreamClock {
  /** The caller's next bytes are waited for. */
  waiting(): void;
  /** They are there, and whatever takes time now is not the caller's fault. */
  busy(): void;
  /** Something went to the caller. */
  moved(): void;
}

const clocks = new WeakMap<IncomingMessage, () => StreamClock>();
const noClock: StreamClock = { waiting() {}, busy() {}, moved() {} };

/**
 * Cuts requests whose bodies take too long. Node's own `requestTimeout` knows no streams, which last as long as
 * they like; that of the headers is left to Node.
 */
export function limitRequestTimes(server: Server, { whole, idle }: RequestTimes): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    const expire = (): void => cutUnlessWhole(request, response);
    let timer = setTimeout(expire, whole);
    // Also where the answer is out already, and the rest of the body is read and dropped.
    request.once('close', () => clearTimeout(timer));
    clocks.set(request, () => {
      clearTimeout(timer);
      let isWaiting = false;
      const start = (): void => {
        clearTimeout(timer);
        if (isWaiting && !request.destroyed) timer = setTimeout(expire, idle);
      };
      return {
        waiting() {
          isWaiting = true;
          start();
        },
        busy() {
          isWaiting = false;
          clearTimeout(timer);
        },
        moved: start,
      };
    });
  });
}

/** From now on the request is a stream, which may last. Where the server is not ours, its own limits hold. */
export function streamClock(request: IncomingMessage): StreamClock {
  return clocks.get(request)?.() ?? noClock;
}

function cutUnlessWhole(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  if (response.headersSent) request.socket.destroy();
  // The connection is closed once this is out: what still comes on it is the rest of a request that nobody reads.
  else response.writeHead(408, { Connection: 'close', 'Content-Length': 0 }).end();
}
