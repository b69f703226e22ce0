import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type App, createApp } from './app.js';
import { formatAddress } from './config/address.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { listening } from './config/listening.js';
import { sealingKeys } from './config/sealing-keys.js';
import { createSimulatedConnector } from './connectors/simulated.js';
import { type GrpcServer, startGrpcServer } from './rpc/grpc/server.js';
import type { TokenCheck } from './services/keys/authenticate.js';
import { StoreCorruptError } from './storage/errors.js';
import { storeOf, storeSetting } from './stores.js';

/** How long the start waits for the store, in milliseconds. */
const FIRST_LOOK_MS = 1000;

/** The service with its gRPC server. */
export interface RunningService {
  readonly app: App;
  readonly grpc: GrpcServer;
  /** Ends calls under way, at the latest after that many milliseconds, and closes the store. */
  stop(withinMs: number): Promise<void>;
}

/** Starts the service that the settings describe; the store may come later. */
export async function runService(config: Config, log: Logger): Promise<RunningService> {
  const { settings } = config;
  const app = createApp({
    store: await storeOf(config),
    sealingKeys: sealingKeys(config),
    connector: config.connector === 'simulated' ? createSimulatedConnector({ now: Date.now }) : 'worker',
    developmentKeys: config.developmentKeys,
    checkToken: await tokenCheckOf(config),
    limits: {
      unary: { total: settings.FACET_MAX_IN_FLIGHT, perTenant: Math.ceil(settings.FACET_MAX_IN_FLIGHT / 4) },
    },
    log,
  });
  let started = false;
  const firstLook = app.start().catch((error: unknown) => {
    if (!(error instanceof StoreCorruptError)) throw error;
    const refused = new ConfigError([`${storeSetting(config)}: ${error.message}`]);
    if (!started) throw refused;
    // Found out so late that the ports are open: nobody waits for this promise any more.
    log.fatal({ err: error }, refused.message);
    process.exit(1);
  });
  const opening = listening('FACET_GRPC_ADDR', config.grpc, () =>
    startGrpcServer(app.pipeline, {
      address: formatAddress(config.grpc),
      ...(config.tls && { tls: config.tls }),
    }),
  );
  // A store that is near is there with the first call; one that is away must not keep the ports from opening.
  const near = Promise.race([firstLook, sleep(FIRST_LOOK_MS, undefined, { ref: false })]);
  const [grpc] = await Promise.all([opening, near]);
  started = true;
  return {
    app,
    grpc,
    async stop(withinMs) {
      await Promise.all([grpc.stop(withinMs), app.stop(withinMs)]);
    },
  };
}

/** The library for tokens is loaded only where tokens are taken. */
async function tokenCheckOf({ tokens }: Config): Promise<TokenCheck | undefined> {
  if (tokens === undefined) return undefined;
  const { createTokenCheck } = await import('./services/keys/json-web-token.js');
  return createTokenCheck(tokens);
}
