import { parseArgs } from 'node:util';
import { destination, type Logger } from 'pino';
import type { Transport } from '../gateway/transport.js';
import { createWireTransport } from '../gateway/wire.js';
import { formatAddress } from './config/address.js';
import { type Config, ConfigError, loadConfig, type Role } from './config/config.js';
import { helpText } from './config/help.js';
import { HealthCheckResponse, HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health.js';
import { readImageFile } from './image.js';
import { localTransport } from './rpc/local.js';
import { createLog } from './rpc/log.js';
import { runGateway } from './run-gateway.js';
import { runService } from './run-service.js';
import { stopOnSignal } from './stop-on-signal.js';
import { welcome } from './welcome.js';

/** How long a gateway alone waits for its service's word that it is well, in milliseconds. */
const HEALTH_MS = 1000;

/** Milliseconds between pings to a service with calls under way; Facet's own does not mind them. */
const KEEPALIVE_MS = 15_000;

/** A process at work: where it listens, and how it is stopped. */
interface Running {
  /** As `name=host:port`. */
  readonly listening: readonly string[];
  readonly greeting?: string;
  stop(withinMs: number): Promise<void>;
}

/** Runs a process of the role until it is told to stop. Throws ConfigError with all that is wrong. */
export async function main(role: Role, args: readonly string[]): Promise<void> {
  const values = readArgs(args);
  if (values.help) {
    process.stdout.write(helpText(role));
    return;
  }
  const config = loadConfig(role, process.env, { insecure: values.insecure === true });
  const log = createLog({
    level: config.settings.FACET_LOG_LEVEL,
    image: readImageFile(),
    destination: destination({ dest: 2, sync: true }),
  });
  const running = await RUN[role](config, log);
  if (running.greeting !== undefined) console.log(running.greeting);
  console.log(`facet ready ${running.listening.join(' ')}`);
  stopOnSignal(running.stop, log);
}

function readArgs(args: readonly string[]): { insecure?: boolean; help?: boolean } {
  const options = { insecure: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigError([`${(error as Error).message}: --help lists what there is`]);
  }
}

const RUN: Record<Role, (config: Config, log: Logger) => Promise<Running>> = {
  async all(config, log) {
    const service = await runService(config, log);
    const rest = await runGateway(config, localTransport(service.app.pipeline), service.app.ready, log);
    const addresses = { grpc: service.grpc.address, rest: formatAddress(rest) };
    return {
      listening: [`grpc=${addresses.grpc}`, `rest=${addresses.rest}`],
      greeting: welcome(config, addresses),
      async stop(withinMs) {
        await Promise.all([rest.close(withinMs), service.stop(withinMs)]);
      },
    };
  },
  async service(config, log) {
    const service = await runService(config, log);
    return { listening: [`grpc=${service.grpc.address}`], stop: service.stop };
  },
  async gateway(config, log) {
    const upstream = config.settings.FACET_GRPC_ADDR.map(formatAddress).join(',');
    const { tls: own, upstreamCa: ca } = config;
    const tls = ca && { ca, ...(own && { cert: own.cert, key: own.key }) };
    const transport = createWireTransport({ upstream, keepalive: KEEPALIVE_MS, ...(tls && { tls }) });
    const rest = await runGateway(config, transport, () => serves(transport), log);
    return {
      listening: [`rest=${formatAddress(rest)}`, `upstream=${upstream}`],
      async stop(withinMs) {
        await rest.close(withinMs);
        await transport.close();
      },
    };
  },
};

/** Whether the service lets the gateway in and can do its work: a connection alone shows neither. */
async function serves(transport: Transport): Promise<boolean> {
  const call = {
    path: '/grpc.health.v1.Health/Check',
    metadata: [],
    deadline: Date.now() + HEALTH_MS,
    signal: AbortSignal.timeout(HEALTH_MS),
  };
  const { status, message } = await transport.unary(call, new Uint8Array());
  if (status.code !== 0 || message === undefined) return false;
  return HealthCheckResponse.decode(message).status === HealthCheckResponse_ServingStatus.SERVING;
}
