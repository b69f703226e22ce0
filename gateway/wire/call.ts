import {
  type Channel,
  type Metadata as GrpcMetadata,
  type StatusObject,
  status as statusCode,
} from '@grpc/grpc-js';
import type { CallOptions, CallStatus, Metadata } from '../transport.js';
import { fromGrpc, toGrpc } from './metadata.js';

/** How a call ended. */
export interface CallEnd {
  readonly status: CallStatus;
  readonly trailer: Metadata;
}

/** A call on a channel, message by message. */
export interface WireCall {
  /** Settles with the first message, or when the call ends without any. */
  readonly header: Promise<Metadata>;
  readonly end: Promise<CallEnd>;
  /** The next message, undefined when there is none left. One read at a time. */
  read(): Promise<Uint8Array | undefined>;
  /** Settles when there is room for the next. */
  write(message: Uint8Array): Promise<void>;
  halfClose(): void;
  cancel(): void;
}

/** Starts a call below grpc-js's clients: no objects for messages, and a read is a read. */
export function startCall(channel: Channel, options: CallOptions): WireCall {
  const call = channel.createCall(
    options.path,
    options.deadline ?? Number.POSITIVE_INFINITY,
    null,
    null,
    null,
  );
  const cancel = (): void => call.cancelWithStatus(statusCode.CANCELLED, 'the caller has gone');
  let header: Metadata | undefined;
  let ended = false;
  let settleHeader: (metadata: Metadata) => void;
  let settleEnd: (end: CallEnd) => void;
  let settleRead: ((message: Uint8Array | undefined) => void) | undefined;
  const headerPromise = new Promise<Metadata>((resolve) => (settleHeader = resolve));
  const endPromise = new Promise<CallEnd>((resolve) => (settleEnd = resolve));

  call.start(toGrpc(options.metadata), {
    onReceiveMetadata(metadata: GrpcMetadata) {
      header = fromGrpc(metadata);
      settleHeader(header);
    },
    onReceiveMessage(message: Uint8Array) {
      const settle = settleRead;
      settleRead = undefined;
      settle?.(message);
    },
    onReceiveStatus(status: StatusObject) {
      ended = true;
      options.signal.removeEventListener('abort', cancel);
      settleHeader(header ?? []);
      settleEnd({ status: toStatus(status, header !== undefined), trailer: fromGrpc(status.metadata) });
      settleRead?.(undefined);
      settleRead = undefined;
    },
  });
  if (options.signal.aborted) cancel();
  else options.signal.addEventListener('abort', cancel, { once: true });

  return {
    header: headerPromise,
    end: endPromise,
    read: () =>
      new Promise((resolve) => {
        if (ended) return resolve(undefined);
        settleRead = resolve;
        call.startRead();
      }),
    write: (message) =>
      new Promise((resolve) => {
        if (ended) return resolve();
        const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
        call.sendMessageWithContext({ callback: () => resolve() }, bytes);
        endPromise.then(() => resolve());
      }),
    halfClose: () => call.halfClose(),
    cancel,
  };
}

// What grpc-js says itself names addresses; what the service says comes with metadata of its own.
function toStatus(status: StatusObject, hasHeader: boolean): CallStatus {
  const [details] = status.metadata.get('grpc-status-details-bin');
  const own = !hasHeader && Object.keys(status.metadata.getMap()).length === 0;
  let message = status.details;
  if (status.code === statusCode.UNAVAILABLE && own) message = 'the service cannot be reached';
  if (
    status.code === statusCode.DEADLINE_EXCEEDED &&
    (own || message.startsWith('Deadline exceeded after'))
  ) {
    message = 'context deadline exceeded';
  }
  return { code: status.code, message, details: typeof details === 'object' ? details : undefined };
}
