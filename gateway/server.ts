import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { closerOf } from './http/close-server.js';
import { limitRequestTimes } from './http/request-times.js';

/** A server of HTTP requests: a gateway, or an app with a gateway in it. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface GatewayServerOptions {
  readonly handler: RequestHandler;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts for HTTPS; plain HTTP without them. */
  readonly tls?: { readonly cert: Buffer | string; readonly key: Buffer | string };
  /** Milliseconds within which the headers must be there. */
  readonly headersTimeout?: number;
  /** Milliseconds within which the body must be there, but for a stream of requests. */
  readonly requestTimeout?: number;
  /** Milliseconds after which a stream of requests is cut, where nothing has moved either way. */
  readonly streamIdleTimeout?: number;
  /** Milliseconds for which an idle connection is kept. */
  readonly keepAliveTimeout?: number;
}

export interface GatewayServer {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, waits for answers under way, and after `grace` milliseconds cuts what is left. */
  close(grace?: number): Promise<void>;
}

/** Starts a server on plain node:http, with limits that a slow or hostile client runs into. */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { tls, handler } = options;
  const { requestTimeout = 4000, streamIdleTimeout = 60_000 } = options;
  const limits = {
    maxHeaderSize: 128 * 1024,
    headersTimeout: Math.min(options.headersTimeout ?? 2000, requestTimeout),
    requestTimeout: 0,
    keepAliveTimeout: options.keepAliveTimeout ?? 30_000,
    connectionsCheckingInterval: 500,
  };
  const server =
    tls === undefined ? createServer(limits, handler) : createTlsServer({ ...limits, ...tls }, handler);
  // Their size is limited already; a limit by number would drop the rest without a word.
  server.maxHeadersCount = 0;
  limitRequestTimes(server, { whole: requestTimeout, idle: streamIdleTimeout });
  const close = closerOf(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port, close: (grace = 5000) => close(grace) };
}
