import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createGateway } from '../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../gateway/server.js';
import type { Transport } from '../gateway/transport.js';
import type { Config } from './config/config.js';
import { listening } from './config/listening.js';
import { readContractSettings, readImageFile } from './image.js';
import { openapiPages } from './openapi.js';
import { readImage } from './rpc/image.js';

/** Starts the REST gateway before a transport. `ready` tells whether what stands behind it can be used. */
export async function runGateway(
  config: Config,
  transport: Transport,
  ready: () => boolean | Promise<boolean>,
  log: Logger,
): Promise<GatewayServer> {
  const { settings } = config;
  const gateway = createGateway({
    // The descriptors that the service reads are held once where both are one process.
    image: readImage(readImageFile()),
    transport,
    settings: readContractSettings(),
    log,
  });
  const app = openPages(ready);
  // What neither the gateway nor the app knows is answered by the gateway, in the contract's own shape.
  app.use((request, response) => gateway(request, response));
  app.use(withoutExpressPages((request, response) => gateway(request, response), log));
  return listening('FACET_REST_ADDR', settings.FACET_REST_ADDR, () =>
    startGatewayServer({
      handler: (request, response) => gateway(request, response, () => app(request, response)),
      ...settings.FACET_REST_ADDR,
      ...(config.tls && { tls: config.tls }),
    }),
  );
}

/** Express's own error pages are HTML with a stack; a path that it cannot decode is one that nobody knows. */
function withoutExpressPages(unknown: RequestHandler, log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (error instanceof URIError) return unknown(request, response, next);
    log.error({ err: error }, 'a page could not be made');
    if (response.headersSent) response.destroy();
    else response.status(500).json({ status: 'error' });
  };
}

/**
 * What needs no key. `/healthz`: the process lives. `/readyz`: it can do its work. `/openapi/<contract>.json`: what
 * can be asked of it.
 */
function openPages(ready: () => boolean | Promise<boolean>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const usable = await ready();
    response.status(usable ? 200 : 503).json({ status: usable ? 'ready' : 'unavailable' });
  });
  app.get('/openapi/:file', openapiPages());
  return app;
}
