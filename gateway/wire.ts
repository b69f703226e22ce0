import type { CallOptions, Metadata, StreamReply, Transport, UnaryReply } from './transport.js';
import { CallRefused, startCall, type WireCall } from './wire/call.js';
import type { TlsFiles } from './wire/connection.js';
import { type CallEnd, callerGone, tooLate, unreachable } from './wire/end.js';
import { frame } from './wire/frames.js';
import { receiveAll, receiveOne, sendAll } from './wire/messages.js';
import { createUpstreams } from './wire/upstreams.js';

export type { TlsFiles } from './wire/connection.js';

export interface WireOptions {
  /** "host:port", or several parted by commas, which are balanced. */
  readonly upstream: string;
  /** Without it the connection is not encrypted. */
  readonly tls?: TlsFiles;
  /**
   * Milliseconds between pings while calls are under way. The default of five minutes is what services put up with
   * unless they are told otherwise; those that ping more often are sent away.
   */
  readonly keepalive?: number;
}

/** A transport over gRPC connections. */
export interface WireTransport extends Transport {
  /** Whether the service can be reached, trying for up to `milliseconds`. */
  ready(milliseconds: number): Promise<boolean>;
}

/**
 * Carries calls to a gRPC service elsewhere, by HTTP/2. Connections are made when they are first needed.
 * Throws an Error where the upstream is malformed.
 */
export function createWireTransport({ upstream, tls, keepalive = 300_000 }: WireOptions): WireTransport {
  const upstreams = createUpstreams(upstream, { tls, keepalive });

  async function open(options: CallOptions): Promise<WireCall> {
    if (options.deadline !== undefined && options.deadline <= Date.now()) throw new CallRefused(tooLate);
    const connection = upstreams.pick();
    const session = connection.session() ?? (await inTime(connection.open(), options));
    const call = startCall(session, options);
    connection.callBegins(call.stream);
    return call;
  }

  async function unary(options: CallOptions, request: Uint8Array, mayRepeat: boolean): Promise<UnaryReply> {
    const call = await open(options);
    call.stream.end(frame(request));
    const message = await receiveOne(call);
    const { status, trailer } = await call.end;
    // Refused before it was looked at, as by a service that is going away: another connection may take it.
    if (mayRepeat && call.refused()) return unary(options, request, false);
    return { status, message: status.code === 0 ? message : undefined, trailer, header: await call.header };
  }

  return {
    unary: (options, request) =>
      unary(options, request, true).catch((error: unknown) => ({
        ...endOf(error),
        message: undefined,
        header: [],
      })),
    stream(options, requests) {
      const opened = open(options);
      opened.then((call) => sendAll(call, requests)).catch(() => {});
      const header = opened.then((call) => call.header).catch((): Metadata => []);
      const end = opened.then((call) => call.end).catch(endOf);
      return { header, end, messages: messagesOf(opened) } satisfies StreamReply;
    },
    ready: (milliseconds) => upstreams.ready(milliseconds),
    async close() {
      upstreams.close();
    },
  };
}

async function* messagesOf(opened: Promise<WireCall>): AsyncGenerator<Uint8Array> {
  const call = await opened.catch(() => undefined);
  if (call !== undefined) yield* receiveAll(call);
}

function endOf(error: unknown): CallEnd {
  return error instanceof CallRefused ? error.end : unreachable;
}

// Connecting must not outlast the caller or its deadline.
function inTime<T>(opening: Promise<T>, { deadline, signal }: CallOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const refuse = (end: CallEnd) => reject(new CallRefused(end));
    const leave = () => refuse(callerGone);
    const timer =
      deadline === undefined ? undefined : setTimeout(() => refuse(tooLate), deadline - Date.now());
    signal.addEventListener('abort', leave, { once: true });
    opening.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    });
  });
}
