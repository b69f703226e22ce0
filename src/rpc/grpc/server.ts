import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import type { Pipeline } from '../pipeline.js';
import { carryInto } from './carry.js';
import { guardDoor } from './door.js';

export interface GrpcServerOptions {
  /** "host:port"; port 0 takes a free one. */
  readonly address: string;
  /** PEM. With `clientCa`, callers must show a certificate that it signed. Without any of it: plain text. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer; readonly clientCa?: Buffer };
}

export interface GrpcServer {
  /** "host:port", with the port that is listened on. */
  readonly address: string;
  readonly port: number;
  /**
   * Takes no more connections and calls, and resolves when those under way are over; at the latest when the time
   * is up, when they are cut. To be called together with the pipeline's stop.
   */
  stop(withinMs: number): Promise<void>;
}

/** Serves the pipeline's methods over gRPC. Rejects where the address cannot be listened on. */
export async function startGrpcServer(pipeline: Pipeline, options: GrpcServerOptions): Promise<GrpcServer> {
  // grpc-js logs headers that it cannot read, keys among them.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    interceptors: [carryInto(pipeline)],
    'grpc.max_receive_message_length': pipeline.limits.requestBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': 1024,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_connection_idle_ms': 600_000,
    'grpc.enable_channelz': 0,
  });
  const cutConnections = guardDoor(server);
  for (const { path, requestStream, responseStream } of pipeline.methods.values()) {
    server.register(path, notReached, bytes, bytes, SHAPES[Number(requestStream)]![Number(responseStream)]!);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(options.address, credentials(options.tls), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: options.address.replace(/:\d+$/, `:${port}`),
    port,
    stop: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          server.forceShutdown();
          cutConnections();
          resolve();
        }, withinMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

const SHAPES = [
  ['unary', 'serverStream'],
  ['clientStream', 'bidi'],
];

const bytes = (message: Uint8Array) => Buffer.from(message.buffer, message.byteOffset, message.byteLength);

/** The interceptor takes every call before its handler. */
function notReached(): never {
  throw new Error('a call has passed the pipeline by');
}

function credentials(tls: GrpcServerOptions['tls']): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: tls.key, cert_chain: tls.cert };
  return ServerCredentials.createSsl(tls.clientCa ?? null, [pair], tls.clientCa !== undefined);
}
