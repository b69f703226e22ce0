import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';

/** What came back of a call whose frames were made by hand. */
export interface RawReply {
  readonly http: number | undefined;
  /** The gRPC status, from the trailers or from the headers where there are no others. */
  readonly grpc: number | undefined;
  readonly bytes: number;
  /** How the stream was reset, where it was. */
  readonly reset: number | undefined;
}

/** An HTTP/2 connection without any gRPC in between. */
export function openHttp2(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`);
  session.on('error', () => undefined);
  return session;
}

export function request(
  session: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: 'Bearer writer',
    ...headers,
  });
  stream.on('error', () => undefined);
  return stream;
}

/** Sends bytes as they are, ends the stream, and waits for the answer, at most a second. */
export function exchange(stream: ClientHttp2Stream, ...chunks: Uint8Array[]): Promise<RawReply> {
  return new Promise((resolve) => {
    let http: number | undefined;
    let grpc: number | undefined;
    let bytes = 0;
    const done = () => {
      clearTimeout(timer);
      resolve({ http, grpc, bytes, reset: stream.rstCode || undefined });
    };
    const timer = setTimeout(() => {
      done();
      stream.close();
    }, 1000);
    const status = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] !== undefined) grpc = Number(headers['grpc-status']);
    };
    stream.on('response', (headers) => {
      http = Number(headers[':status']);
      status(headers);
    });
    stream.on('trailers', status);
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.on('close', done);
    for (const chunk of chunks) if (stream.writable) stream.write(chunk);
    stream.end();
  });
}

/** A length-prefixed message as gRPC frames it; `length` and `flag` can lie. */
export function grpcFrame(message: Uint8Array, { flag = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** A bare socket, and a promise of when the other side has closed it. */
export function openSocket(address: string): { socket: Socket; closed: Promise<number> } {
  const [host, port] = address.split(':');
  const started = Date.now();
  const socket = connectTcp(Number(port), host);
  socket.on('error', () => undefined);
  socket.resume();
  return {
    socket,
    closed: new Promise((resolve) => socket.on('close', () => resolve(Date.now() - started))),
  };
}

/** One HTTP/2 frame (RFC 9113, section 4.1). */
export function http2Frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

export const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), http2Frame(4, 0, 0)]);

/** Header fields as HPACK literals without indexing (RFC 7541, section 6.2.2). */
function headerBlock(fields: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    if (bytes.length >= 127) throw new Error('longer values need a longer form');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  };
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** All that a client sends on a connection of one unary call, with any number of keys. */
export function wholeCall(path: string, message: Uint8Array, keys: readonly string[]): Buffer {
  const block = headerBlock([
    [':method', 'POST'],
    [':scheme', 'http'],
    [':authority', 'localhost'],
    [':path', path],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
    ...keys.map((key) => ['authorization', `Bearer ${key}`] as const),
  ]);
  const data = http2Frame(0, 1, 1, grpcFrame(message));
  return Buffer.concat([PREFACE, http2Frame(1, 4, 1, block), data]);
}
