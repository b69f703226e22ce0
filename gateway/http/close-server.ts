import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

/** How long a connection is kept without a request: one that is on its way already must not be cut off. */
const LINGER_MS = 250;

/** Stops a server: what is under way is finished, and after `grace` milliseconds what is left is cut. */
export type CloseServer = (grace: number) => Promise<void>;

/**
 * Makes the function that closes a server. Node's own closes connections that are idle for a moment under their
 * clients' hands, and never tells those that are busy to go.
 */
export function closerOf(server: Server): CloseServer {
  const underWay = new Set<ServerResponse>();
  let closing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (closing) tellToGo(response);
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });

  return (grace) => {
    closing = true;
    for (const response of underWay) tellToGo(response);
    return new Promise((resolve) => {
      // Requests that have come while the event loop was held up are read before the idle are told from the busy.
      const sweepOnceRead = () => setImmediate(() => setImmediate(() => server.closeIdleConnections()));
      const sweep = setInterval(sweepOnceRead, LINGER_MS);
      const cut = setTimeout(() => server.closeAllConnections(), grace);
      NetServer.prototype.close.call(server, () => {
        clearInterval(sweep);
        clearTimeout(cut);
        // Ends what http itself does at intervals.
        server.close();
        resolve();
      });
    });
  };
}

/** Node answers with `Connection: close`, and closes it; too late where the headers are sent. */
function tellToGo(response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
