import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** How long a new connection may take to say that it speaks HTTP/2. */
const HANDSHAKE_MS = 5000;

/**
 * Puts what grpc-js has no option for before its HTTP/2 servers: connections that do not speak HTTP/2 are closed,
 * and a second authorization header, which Node drops, is seen.
 *
 * @returns a function that cuts all connections, which grpc-js does only where it keeps statistics
 */
export function guardDoor(server: Server): () => void {
  const inner = server as unknown as { createHttp2Server(...args: unknown[]): Http2Server };
  const create = inner.createHttp2Server;
  if (typeof create !== 'function') {
    throw new Error('this version of @grpc/grpc-js is not known: it has no createHttp2Server');
  }
  const sessions = new Set<ServerHttp2Session>();
  inner.createHttp2Server = (...args) => {
    const http2 = create.apply(server, args);
    http2.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      closeUnlessHttp2(session);
    });
    http2.prependListener('stream', keepEveryAuthorization);
    return http2;
  };
  return () => {
    for (const session of sessions) session.destroy();
  };
}

function closeUnlessHttp2(session: ServerHttp2Session): void {
  const timer = setTimeout(() => session.destroy(), HANDSHAKE_MS);
  session.once('remoteSettings', () => clearTimeout(timer));
  session.once('close', () => clearTimeout(timer));
  session.on('error', () => session.destroy());
}

function keepEveryAuthorization(
  _stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  _flags: number,
  rawHeaders?: readonly string[],
): void {
  const values = rawHeaders?.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1] === 'authorization') ?? [];
  // grpc-js takes a list for several values of one name.
  if (values.length > 1) (headers as Record<string, unknown>).authorization = values;
}
