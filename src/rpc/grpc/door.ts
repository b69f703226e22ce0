import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** How long a new connection may take to say that it speaks HTTP/2. */
const HANDSHAKE_MS = 5000;
/** How long it may then take to answer a ping. */
const PONG_MS = 5000;

/** As many calls of one turn begin at once. */
const AT_A_TIME = 32;

const LONGEST_TIMEOUT_S = Math.floor((2 ** 31 - 1) / 1000);
const UNIT_SECONDS = { H: 3600, M: 60, S: 1 };
/** Headers that grpc-js itself reads, as one value. */
const OF_THE_PROTOCOL = /^(?::|grpc-|content-type$|te$|host$|user-agent$)/;

/**
 * Puts what grpc-js has no option for before its HTTP/2 servers: connections that do not speak HTTP/2 are closed,
 * every value of a header is seen, a second authorization too, a long timeout is a long one, and what was reset at
 * once is not begun.
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
    beginUnlessReset(http2);
    http2.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      closeUnlessHttp2(session);
    });
    http2.prependListener('stream', (_stream, headers, _flags, rawHeaders?: readonly string[]) => {
      keepEveryValue(headers, rawHeaders ?? []);
      boundTimeout(headers);
    });
    return http2;
  };
  return () => {
    for (const session of sessions) session.destroy();
  };
}

/**
 * Of some frames that break the rules Node says nothing: nghttp2 gives the connection up, is not read from any more,
 * and its socket would stay after the caller has left. So a new connection must answer a ping, too.
 */
function closeUnlessHttp2(session: ServerHttp2Session): void {
  const destroy = () => session.destroy();
  let timer = setTimeout(destroy, HANDSHAKE_MS);
  session.once('remoteSettings', () => {
    clearTimeout(timer);
    if (session.destroyed) return;
    timer = setTimeout(destroy, PONG_MS);
    session.ping((error) => error ?? clearTimeout(timer));
  });
  session.once('close', () => clearTimeout(timer));
  session.on('error', destroy);
}

/**
 * Of calls that come many at a time the later ones begin a turn of the event loop later, unless they were reset by
 * then. So a flood of calls that are reset as they begin (CVE-2023-44487) takes a fraction of the processor time, until
 * Node cuts it off.
 */
function beginUnlessReset(http2: Http2Server): void {
  const emit = http2.emit.bind(http2) as (name: string, ...args: unknown[]) => boolean;
  let inThisTurn = 0;
  http2.emit = (name: string, ...args: unknown[]) => {
    if (name !== 'stream') return emit(name, ...args);
    if (inThisTurn++ === 0) setImmediate(() => (inThisTurn = 0));
    if (inThisTurn <= AT_A_TIME) return emit(name, ...args);
    const stream = args[0] as ServerHttp2Stream;
    // Until the call begins nobody else listens.
    stream.on('error', () => {});
    setImmediate(() => stream.closed || stream.destroyed || emit(name, ...args));
    return true;
  };
}

/** Node joins the values of a name, or drops all but one; grpc-js takes a list, and so nothing is lost. */
function keepEveryValue(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
  const values = new Map<string, string[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (OF_THE_PROTOCOL.test(name)) continue;
    const known = values.get(name);
    if (known === undefined) values.set(name, [rawHeaders[at + 1]!]);
    else known.push(rawHeaders[at + 1]!);
  }
  for (const [name, list] of values) {
    if (list.length > 1) (headers as Record<string, unknown>)[name] = list;
  }
}

/** grpc-js counts in 32 bits: a longer wait would be over at once. */
function boundTimeout(headers: IncomingHttpHeaders): void {
  const [, digits, unit] = /^(\d{1,8})([HMS])$/.exec(String(headers['grpc-timeout'] ?? '')) ?? [];
  if (unit === undefined) return;
  const seconds = Number(digits) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (seconds > LONGEST_TIMEOUT_S) headers['grpc-timeout'] = `${LONGEST_TIMEOUT_S}S`;
}
