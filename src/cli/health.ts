import { get as getPlain } from 'node:http';
import { get as getOverTls } from 'node:https';
import { Client, credentials } from '@grpc/grpc-js';
import { type Address, formatAddress } from '../config/address.js';
import { readSettings } from '../config/config.js';
import { type ServerTls, serverTls } from '../config/tls.js';
import {
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  HealthDefinition,
} from '../gen/grpc/health/v1/health.js';
import { CommandError, UsageError } from './command-errors.js';
import { parseOptions } from './parse-options.js';

/** Less than what a process manager waits for an answer. */
const ANSWER_MS = 3000;

/** `facet health`: asks the process that runs on this machine whether it can do its work. */
export async function healthCommand(args: readonly string[]): Promise<void> {
  const { positionals } = parseOptions([...args], { json: { type: 'boolean' } }, true);
  const [role = 'all', ...more] = positionals;
  if (!['all', 'service', 'gateway'].includes(role) || more.length > 0) {
    throw new UsageError('health takes all, service or gateway');
  }
  const settings = readSettings(process.env);
  const tls = serverTls(settings);
  const [address, serving] =
    role === 'service'
      ? ([nearby(settings.FACET_GRPC_ADDR[0]!), overGrpc] as const)
      : ([nearby(settings.FACET_REST_ADDR), overRest] as const);
  const problem = await serving(address, tls);
  if (problem !== undefined) throw new CommandError(`${formatAddress(address)} ${problem}`);
}

/** Where a server that listens on every address is reached from here. */
function nearby({ host, port }: Address): Address {
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port };
}

/** What is wrong, undefined where it serves. Who asks itself need not check whose certificate it is. */
function overRest({ host, port }: Address, tls: ServerTls | undefined): Promise<string | undefined> {
  const options = { host, port, path: '/readyz', rejectUnauthorized: false, timeout: ANSWER_MS };
  return new Promise((resolve) => {
    const request = (tls ? getOverTls : getPlain)(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `is not ready: ${response.statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', ({ message }) => resolve(`cannot be asked: ${message}`));
  });
}

function overGrpc(address: Address, tls: ServerTls | undefined): Promise<string | undefined> {
  const { fullName, methods } = HealthDefinition;
  const client = new Client(
    formatAddress(address),
    tls
      ? credentials.createSsl(null, tls.key, tls.cert, { rejectUnauthorized: false })
      : credentials.createInsecure(),
  );
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      `/${fullName}/${methods.check.name}`,
      () => Buffer.alloc(0),
      (bytes: Buffer) => HealthCheckResponse.decode(bytes),
      {},
      { deadline: Date.now() + ANSWER_MS },
      (error, answer) => {
        client.close();
        if (error) resolve(`cannot be asked: ${error.details}`);
        else if (answer?.status === HealthCheckResponse_ServingStatus.SERVING) resolve(undefined);
        else resolve('is not serving');
      },
    );
  });
}
