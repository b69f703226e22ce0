import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { destination, pino } from 'pino';
import { createGateway } from './handler.js';
import { startGatewayServer } from './server.js';
import type { SettingsInput } from './settings.js';
import { createWireTransport, type TlsFiles } from './wire.js';

const help = `facet-gateway: serves annotated gRPC services over REST, as grpc-gateway does.

  facet-gateway --descriptors image.binpb --upstream host:50051 --listen 127.0.0.1:8080

  --descriptors FILE   the services, as \`buf build -o image.binpb\` or
                       \`protoc --include_imports --descriptor_set_out=FILE\` writes them
  --upstream LIST      where the services are; several, parted by commas, are balanced
                       (default 127.0.0.1:50051)
  --listen HOST:PORT   where to serve (default 127.0.0.1:8080; port 0 takes a free one)
  --settings FILE      contracts, headers, limits and what else differs from the defaults (JSON)
  --keepalive N        seconds between pings while calls are under way (default 300, which services put up with
                       unless they are told otherwise)
  --tls                speak TLS to the services
  --tls-ca FILE        whom to trust there, instead of the system's authorities (implies --tls)
  --tls-cert FILE      the certificate to show there, with --tls-key FILE
  --tls-name NAME      the name that the services' certificate must have
  --cert FILE          serve HTTPS with this certificate, with --key FILE
  --request-timeout N  seconds within which a request must be there, but for a stream of requests (default 4)
  --stream-idle N      seconds after which a stream of requests is cut where nothing moves (default 60)
  -h, --help           this text
`;

const options = {
  descriptors: { type: 'string' },
  upstream: { type: 'string', default: '127.0.0.1:50051' },
  listen: { type: 'string', default: '127.0.0.1:8080' },
  settings: { type: 'string' },
  keepalive: { type: 'string', default: '300' },
  tls: { type: 'boolean', default: false },
  'tls-ca': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-name': { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'request-timeout': { type: 'string', default: '4' },
  'stream-idle': { type: 'string', default: '60' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Runs the command. Settles when the gateway serves; throws an Error whose message says what to mend. */
export async function runCli(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (values.descriptors === undefined) throw new Error('--descriptors is missing; --help tells more');
  const [, host = '', port = ''] =
    /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(values.listen)?.filter(isGiven) ?? [];
  if (port === '' || Number(port) > 65_535) throw new Error(`--listen: "${values.listen}" is not host:port`);
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new Error('--cert and --key go together');
  const requestTimeout = readSeconds('request-timeout', values);
  const streamIdleTimeout = readSeconds('stream-idle', values);
  const keepalive = readSeconds('keepalive', values);
  const log = pino(destination({ dest: 2, sync: true }));
  const tls = upstreamTls(values);
  const transport = createWireTransport({ upstream: values.upstream, keepalive, ...(tls && { tls }) });
  const handler = createGateway({
    image: readFileSync(values.descriptors),
    transport,
    log,
    ...(values.settings !== undefined && { settings: readSettings(values.settings) }),
  });
  const server = await startGatewayServer({
    handler,
    host,
    port: Number(port),
    requestTimeout,
    streamIdleTimeout,
    ...(values.cert !== undefined &&
      values.key !== undefined && {
        tls: { cert: readFileSync(values.cert), key: readFileSync(values.key) },
      }),
  });
  console.log(`facet-gateway ready rest=${server.host}:${server.port} upstream=${values.upstream}`);
  stopOnSignal(async () => {
    await server.close();
    await transport.close();
  });
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function readSeconds(name: 'request-timeout' | 'stream-idle' | 'keepalive', values: Values): number {
  const milliseconds = Number(values[name]) * 1000;
  // More than a timer can count would be none.
  if (!(milliseconds > 0 && milliseconds < 2 ** 31))
    throw new Error(`--${name}: "${values[name]}" is no number of seconds`);
  return milliseconds;
}

function upstreamTls(values: Values): TlsFiles | undefined {
  const { 'tls-ca': ca, 'tls-cert': cert, 'tls-key': key, 'tls-name': serverName } = values;
  if (!values.tls && ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
    ...(serverName !== undefined && { serverName }),
  };
}

function readSettings(file: string): SettingsInput {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SettingsInput;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

// The first signal lets answers under way finish; the second does not wait.
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function isGiven(part: string | undefined): part is string {
  return part !== undefined;
}
