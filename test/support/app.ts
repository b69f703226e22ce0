import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { createGateway } from '../../gateway/handler.js';
import { startGatewayServer } from '../../gateway/server.js';
import type { Transport } from '../../gateway/transport.js';
import { createWireTransport } from '../../gateway/wire.js';
import { type App, createApp } from '../../src/app.js';
import { createSimulatedConnector } from '../../src/connectors/simulated.js';
import type { ContractName } from '../../src/domain/identity.js';
import { readContractSettings, readImageFile } from '../../src/image.js';
import { startGrpcServer } from '../../src/rpc/grpc/server.js';
import { readImage } from '../../src/rpc/image.js';
import { localTransport } from '../../src/rpc/local.js';
import type { Pipeline } from '../../src/rpc/pipeline.js';
import type { KeyScope } from '../../src/services/keys/key-record.js';
import { createKey } from '../../src/services/keys/operations.js';
import type { LinkedInConnector } from '../../src/services/linkedin/connector.js';
import type { Store } from '../../src/storage/store.js';
import { tlsTexts } from './tls.js';

/** A whole Facet on free ports: the service, its gRPC server, and the gateway before it. */
export interface TestApp {
  readonly app: App;
  readonly store: Store;
  /** "http://127.0.0.1:port" */
  readonly rest: string;
  /** "127.0.0.1:port" */
  readonly grpc: string;
  /** Makes a key; all scopes where none is named. */
  key(tenant: string, contract?: ContractName, ...scopes: KeyScope[]): Promise<string>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /**
   * `wire`: the gateway dials a gRPC server, by mTLS, instead of calling in the same process. Default: what the
   * environment's FACET_TEST_TRANSPORT says, which the runner sets to run the contracts' suites both ways.
   */
  readonly transport?: 'local' | 'wire';
  readonly connector?: LinkedInConnector | 'worker';
  readonly developmentKeys?: boolean;
  readonly log?: Logger;
  /** What is put between the pipeline and both ways in. */
  readonly before?: (pipeline: Pipeline) => Pipeline;
}

/** How long a simulated login takes before it is answered, in milliseconds. */
const STEP_MS = 20;

/** Starts a whole Facet on the store, which is closed with it. */
export async function startTestApp(store: Store, options: TestAppOptions = {}): Promise<TestApp> {
  const log = options.log ?? pino({ level: 'silent' });
  const made = createApp({
    store,
    sealingKeys: [randomBytes(32)],
    connector: options.connector ?? createSimulatedConnector({ now: Date.now, stepMs: STEP_MS }),
    developmentKeys: options.developmentKeys ?? false,
    log,
  });
  const app = { ...made, pipeline: options.before?.(made.pipeline) ?? made.pipeline };
  await app.start();
  const grpc = await startGrpcServer(app.pipeline, { address: '127.0.0.1:0' });
  const apart = (options.transport ?? process.env.FACET_TEST_TRANSPORT) === 'wire';
  const { transport, stop } = apart ? await overTheWire(app) : inProcess(app);
  const image = readImage(readImageFile());
  const gateway = createGateway({ image, transport, settings: readContractSettings(), log });
  const rest = await startGatewayServer({ handler: gateway, host: '127.0.0.1', port: 0 });
  return {
    app,
    store,
    rest: `http://127.0.0.1:${rest.port}`,
    grpc: grpc.address,
    async key(tenant, contract = 'outreach', ...scopes) {
      return (await createKey(store, { tenant, contract, scopes })).key;
    },
    async close() {
      await rest.close(1000);
      await transport.close();
      await Promise.all([grpc.stop(1000), stop?.(), app.stop(1000)]);
    },
  };
}

/** How the gateway reaches the service, and what stands between them. */
interface Way {
  readonly transport: Transport;
  stop?(): Promise<void>;
}

const inProcess = (app: App): Way => ({ transport: localTransport(app.pipeline) });

/** A way in of its own for the gateway, beside the plain one of the tests' own gRPC clients. */
async function overTheWire(app: App): Promise<Way> {
  const { ca, ...service } = tlsTexts('service');
  const server = await startGrpcServer(app.pipeline, {
    address: '127.0.0.1:0',
    tls: { ...service, clientCa: ca },
  });
  const transport = createWireTransport({ upstream: server.address, tls: tlsTexts('gateway') });
  return { transport, stop: () => server.stop(1000) };
}
