import type { Readable, Writable } from 'node:stream';
import type {
  Metadata as GrpcMetadata,
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import type { Pipeline } from '../pipeline.js';
import type { CallOptions, StreamReply } from '../transport.js';
import { fromGrpc, toGrpc, toGrpcStatus } from './metadata.js';

/** What the four kinds of calls of grpc-js have in common. */
interface AnyCall {
  readonly metadata: GrpcMetadata;
  getPath(): string;
  getDeadline(): Date | number;
  sendMetadata(metadata: GrpcMetadata): void;
  on(event: 'cancelled', listener: () => void): unknown;
}

export function unaryHandler(pipeline: Pipeline): handleUnaryCall<Buffer, Uint8Array> {
  return async (call, callback) => {
    const { status, message, header, trailer } = await pipeline.unary(incoming(call), call.request);
    call.sendMetadata(toGrpc(header));
    if (status.code === 0) callback(null, message, toGrpc(trailer));
    else callback(toGrpcStatus(status, trailer));
  };
}

export function clientStreamHandler(pipeline: Pipeline): handleClientStreamingCall<Buffer, Uint8Array> {
  return async (call, callback) => {
    const { header, messages, end } = pipeline.stream(incoming(call), chunks(call));
    call.sendMetadata(toGrpc(await header));
    let answer: Uint8Array | undefined;
    for await (const message of messages) answer = message;
    const { status, trailer } = await end;
    if (status.code === 0) callback(null, answer, toGrpc(trailer));
    else callback(toGrpcStatus(status, trailer));
  };
}

export function serverStreamHandler(pipeline: Pipeline): handleServerStreamingCall<Buffer, Uint8Array> {
  return async (call) => {
    async function* request() {
      yield call.request;
    }
    await send(call, pipeline.stream(incoming(call), request()));
  };
}

export function bidiHandler(pipeline: Pipeline): handleBidiStreamingCall<Buffer, Uint8Array> {
  return async (call) => send(call, pipeline.stream(incoming(call), chunks(call)));
}

function incoming(call: AnyCall): CallOptions {
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  const deadline = Number(call.getDeadline());
  return {
    path: call.getPath(),
    metadata: fromGrpc(call.metadata),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    signal: gone.signal,
  };
}

/** Leaving off reading must not destroy the stream, which a bidirectional call still writes to. */
function chunks(call: Readable): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => call.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer> };
}

async function send(call: AnyCall & Writable, { header, messages, end }: StreamReply): Promise<void> {
  // A write on a call that is gone is never called back.
  let onGone = () => {};
  call.on('cancelled', () => onGone());
  call.sendMetadata(toGrpc(await header));
  for await (const message of messages) {
    await new Promise<void>((resolve) => {
      onGone = resolve;
      call.write(message, () => resolve());
    });
  }
  const { status, trailer } = await end;
  if (status.code === 0) (call as unknown as { end(trailer: GrpcMetadata): void }).end(toGrpc(trailer));
  else call.emit('error', toGrpcStatus(status, trailer));
}
