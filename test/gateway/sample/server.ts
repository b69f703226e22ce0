import { once } from 'node:events';
import { Metadata as GrpcMetadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Metadata } from '../../../gateway/transport.js';
import { fromGrpc, toGrpc } from '../../../gateway/wire/metadata.js';
import { sampleRegistry } from './image.js';
import { type SampleCall, SampleFailure, serveSample } from './service.js';

export interface SampleServer {
  readonly address: string;
  close(): void;
}

/** Starts the sample service over gRPC. */
export async function startSampleServer(
  address = '127.0.0.1:0',
  credentials = ServerCredentials.createInsecure(),
): Promise<SampleServer> {
  const server = new Server({
    'grpc.max_receive_message_length': 16 << 20,
    'grpc.max_send_message_length': -1,
  });
  for (const name of ['sample.v1.IdentityService', 'sample.v1.EchoService']) {
    const methods = sampleRegistry.getService(name)?.methods ?? [];
    const bytes = (value: Buffer) => value;
    // On the wire all kinds of calls are streams both ways.
    const definition = methods.map((method) => [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    ]);
    const implementation = methods.map((method) => [
      method.name,
      (call: ServerDuplexStream<Buffer, Buffer>) => serve(`/${name}/${method.name}`, call),
    ]);
    server.addService(Object.fromEntries(definition), Object.fromEntries(implementation));
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

async function serve(path: string, call: ServerDuplexStream<Buffer, Buffer>): Promise<void> {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  call.on('error', () => {});
  const deadline = Number(call.getDeadline());
  const context: SampleCall = {
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
    for await (const answer of serveSample(path, call.iterator({ destroyOnReturn: false }), context)) {
      begin();
      if (!call.write(Buffer.from(answer)))
        await Promise.race([once(call, 'drain'), once(controller.signal, 'abort')]);
    }
    begin();
    call.end(toGrpc(context.trailer));
  } catch (error) {
    if (context.header.length > 0) begin();
    const { code, message, details } =
      error instanceof SampleFailure ? error.status : { code: 1, message: String(error), details: undefined };
    const trailer: Metadata = details === undefined ? [] : [['grpc-status-details-bin', details]];
    call.emit('error', {
      code,
      details: message,
      metadata: toGrpc([...context.trailer, ...trailer]) ?? new GrpcMetadata(),
    });
  }
}
