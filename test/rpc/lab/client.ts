import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import { LAB } from './call.js';
import { decode, encode, type Loose } from './lab.js';

export interface RawStatus {
  readonly code: number;
  readonly message: string;
  readonly details: Uint8Array | undefined;
  readonly metadata: Metadata;
}

const asIs = (bytes: Uint8Array) => Buffer.from(bytes);

export function metadataOf(key: string, more: Record<string, string> = {}): Metadata {
  const metadata = new Metadata();
  if (key !== '') metadata.set('authorization', `Bearer ${key}`);
  for (const [name, value] of Object.entries(more)) metadata.set(name, value);
  return metadata;
}

export function statusOf(status: Pick<StatusObject, 'code' | 'details' | 'metadata'>): RawStatus {
  const details = status.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined;
  return { code: status.code, message: status.details, details, metadata: status.metadata };
}

/** A real gRPC client that sends and gets lab messages, or raw bytes where they are given. */
export function dial(address: string, creds = credentials.createInsecure()) {
  // A pool of its own, so that one test's connection is not another's.
  const client = new Client(address, creds, { 'grpc.use_local_subchannel_pool': 1 });
  const path = (method: string) => (method.startsWith('/') ? method : LAB + method);
  const bytes = (message: Loose) => (message instanceof Uint8Array ? message : encode(message));
  return {
    client,
    close: () => client.close(),
    unary(
      method: string,
      request: Loose = {},
      {
        key = 'writer',
        metadata = metadataOf(key),
        deadline,
      }: { key?: string; metadata?: Metadata; deadline?: number } = {},
    ): Promise<{ status: RawStatus; message: Loose; header: Metadata | undefined }> {
      return new Promise((resolve) => {
        let message: Loose;
        let header: Metadata | undefined;
        const options = deadline === undefined ? {} : { deadline };
        const call = client.makeUnaryRequest(
          path(method),
          asIs,
          (b) => b,
          bytes(request),
          metadata,
          options,
          (_error, reply) => {
            message = reply && decode(reply);
          },
        );
        call.on('metadata', (received) => {
          header = received;
        });
        call.on('status', (status) =>
          setImmediate(() => resolve({ status: statusOf(status), message, header })),
        );
      });
    },
    /** An open bidirectional call; the server side may be any kind of stream. */
    open(method: string, { key = 'writer', deadline }: { key?: string; deadline?: number } = {}) {
      const call = client.makeBidiStreamRequest(
        path(method),
        asIs,
        (b) => b,
        metadataOf(key),
        deadline === undefined ? {} : { deadline },
      );
      call.on('error', () => undefined);
      const end = new Promise<RawStatus>((resolve) => {
        call.on('status', (status) => resolve(statusOf(status)));
      });
      return { call, end, send: (message: Loose) => call.write(bytes(message)), finish: () => call.end() };
    },
  };
}

/** Reads a stream to its end. */
export async function readAll(
  stream: ReturnType<ReturnType<typeof dial>['open']>,
): Promise<{ messages: Loose[]; status: RawStatus }> {
  const messages: Loose[] = [];
  stream.call.on('data', (chunk: Buffer) => messages.push(decode(chunk)));
  return { status: await stream.end, messages };
}
