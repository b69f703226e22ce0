import { createGateway } from '../../gateway/handler.js';
import { startGatewayServer } from '../../gateway/server.js';
import type { Transport } from '../../gateway/transport.js';
import { createWireTransport } from '../../gateway/wire.js';
import { readContractSettings, readImageFile } from '../../src/image.js';
import type { Listening } from './listening.js';

/** Our gateway before a transport, as Facet runs it. */
export async function serveGateway(transport: Transport): Promise<Listening> {
  const handler = createGateway({ image: readImageFile(), transport, settings: readContractSettings() });
  return { http: (await startGatewayServer({ handler, host: '127.0.0.1', port: 0 })).port };
}

/** Our gateway before a gRPC server. */
export function serveWire(upstream = ''): Promise<Listening> {
  return serveGateway(createWireTransport({ upstream }));
}
