import { once } from 'node:events';
import type { FileRegistry } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Metadata } from '../../../gateway/transport.js';
import { fromGrpc, toGrpc } from './grpc-metadata.js';
import { type Service, type ServiceCall, ServiceFailure } from './local-transport.js';

export interface GrpcServer {
  readonly address: string;
  /** Ends all calls and connections at once. */
  close(): void;
}

/** Offers all services of a registry over gRPC, as one service on serialized messages. */
export async function startGrpcServer(
  registry: FileRegistry,
  service: Service,
  { address = '127.0.0.1:0', credentials = ServerCredentials.createInsecure() } = {},
): Promise<GrpcServer> {
  const server = new Server({
    'grpc.max_receive_message_length': 16 << 20,
    'grpc.max_send_message_length': -1,
  });
  const bytes = (value: Buffer) => value;
  for (const { typeName, methods } of [...registry.files].flatMap((file) => file.services)) {
    const paths = methods.map(({ name }) => `/${typeName}/${name}`);
    // On the wire all kinds of calls are streams both ways.
    const kinds = { requestStream: true, responseStream: true };
    const codecs = {
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    };
    server.addService(
      Object.fromEntries(paths.map((path) => [path, { path, ...kinds, ...codecs }])),
      Object.fromEntries(
        paths.map((path) => [path, (call: ServerDuplexStream<Buffer, Buffer>) => serve(service, path, call)]),
      ),
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

async function serve(
  service: Service,
  path: string,
  call: ServerDuplexStream<Buffer, Buffer>,
): Promise<void> {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  call.on('error', () => {});
  const deadline = Number(call.getDeadline());
  const context: ServiceCall = {
    metadata: fromGrpc(call.metadata),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    signal: controller.signal,
    header: [],
    trailer: [],
  };
  let begun = false;
  const begin = (): void => {
    if (!begun) call.sendMetadata(toGrpc(context.header));
    begun = true;
  };
  try {
    // Leaving the requests early must not end the answers.
    for await (const answer of service(path, call.iterator({ destroyOnReturn: false }), context)) {
      begin();
      if (!call.write(Buffer.from(answer))) {
        await Promise.race([once(call, 'drain'), once(controller.signal, 'abort')]);
      }
    }
    begin();
    call.end(toGrpc(context.trailer));
  } catch (error) {
    if (context.header.length > 0) begin();
    const { code, message, details } =
      error instanceof ServiceFailure
        ? error.status
        : { code: 1, message: String(error), details: undefined };
    const trailer: Metadata = details === undefined ? [] : [['grpc-status-details-bin', details]];
    call.emit('error', { code, details: message, metadata: toGrpc([...context.trailer, ...trailer]) });
  }
}
