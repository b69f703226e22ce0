import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { createGateway } from '../../gateway/handler.js';
import { startGatewayServer } from '../../gateway/server.js';
import { createWireTransport } from '../../gateway/wire.js';
import { type App, createApp } from '../../src/app.js';
import { createSimulatedConnector } from '../../src/connectors/simulated.js';
import type { ContractName } from '../../src/domain/identity.js';
import { readContractSettings, readImageFile } from '../../src/image.js';
import { startGrpcServer } from '../../src/rpc/grpc/server.js';
import { localTransport } from '../../src/rpc/local.js';
import type { KeyScope } from '../../src/services/keys/key-record.js';
import { createKey } from '../../src/services/keys/operations.js';
import type { LinkedInConnector } from '../../src/services/linkedin/connector.js';
import type { Store } from '../../src/storage/store.js';

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
  /** `wire`: the gateway dials the gRPC server instead of calling in the same process. */
  readonly transport?: 'local' | 'wire';
  readonly connector?: LinkedInConnector | 'worker';
  readonly developmentKeys?: boolean;
  readonly log?: Logger;
}

/** How long a simulated login takes before it is answered, in milliseconds. */
const STEP_MS = 20;

/** Starts a whole Facet on the store, which is closed with it. */
export async function startTestApp(store: Store, options: TestAppOptions = {}): Promise<TestApp> {
  const log = options.log ?? pino({ level: 'silent' });
  const app = createApp({
    store,
    sealingKeys: [randomBytes(32)],
    connector: options.connector ?? createSimulatedConnector({ now: Date.now, stepMs: STEP_MS }),
    developmentKeys: options.developmentKeys ?? false,
    log,
  });
  await app.start();
  const grpc = await startGrpcServer(app.pipeline, { address: '127.0.0.1:0' });
  const transport =
    options.transport === 'wire'
      ? createWireTransport({ upstream: grpc.address })
      : localTransport(app.pipeline);
  const gateway = createGateway({ image: readImageFile(), transport, settings: readContractSettings(), log });
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
      await Promise.all([grpc.stop(1000), app.stop(1000)]);
    },
  };
}
