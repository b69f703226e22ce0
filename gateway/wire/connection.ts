import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type SecureClientSessionOptions,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { type Keepalive, keepAlive } from './keepalive.js';

/** PEM files of a TLS connection; the system's certificate authorities where `ca` is absent. */
export interface TlsFiles {
  readonly ca?: Buffer;
  /** With `key`: the certificate that the gateway shows (mutual TLS). */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** The name that the certificate must have, where it is not the upstream's. */
  readonly serverName?: string;
}

export interface ConnectionOptions {
  /** Without it the connection is not encrypted. */
  readonly tls: TlsFiles | undefined;
  /** Milliseconds between pings while calls are under way. */
  readonly keepalive: number;
}

/** An HTTP/2 connection to one upstream, made when it is needed and again when it is lost. */
export interface Connection {
  /** The session, where one is up. */
  session(): ClientHttp2Session | undefined;
  /** Whether connecting failed a moment ago, so that it is not tried yet. */
  resting(): boolean;
  /** A call on the session just now given: it is watched over until its stream closes. */
  callBegins(stream: ClientHttp2Stream): void;
  /** The session, connecting where there is none. Rejects where that fails. */
  open(): Promise<ClientHttp2Session>;
  close(): void;
}

const connectTimeout = 5000;
const firstRest = 250;
// An upstream that came back must be found again within 15 s.
const longestRest = 4000;
const windowSize = 1024 * 1024;

/** `upstream` is "host:port", or "unix:" and a path. Throws an Error where it is neither. */
export function createConnection(upstream: string, { tls, keepalive }: ConnectionOptions): Connection {
  const socketPath = upstream.startsWith('unix:') ? upstream.slice('unix:'.length) : undefined;
  const scheme = tls === undefined ? 'http' : 'https';
  const authority = `${scheme}://${socketPath === undefined ? upstream : 'localhost'}`;
  if (!URL.canParse(authority) || (socketPath === undefined && !/:\d+$/.test(upstream))) {
    throw new Error(`the upstream "${upstream}" is not host:port`);
  }
  const options: SecureClientSessionOptions = {
    settings: { enablePush: false, initialWindowSize: windowSize },
    maxSessionMemory: 64,
    ...(tls?.ca && { ca: tls.ca }),
    ...(tls?.cert && { cert: tls.cert }),
    ...(tls?.key && { key: tls.key }),
    ...(tls?.serverName !== undefined && { servername: tls.serverName }),
    ...(socketPath !== undefined && { createConnection: () => connectSocket(socketPath) }),
  };
  let current: ClientHttp2Session | undefined;
  const watches = new WeakMap<object, Keepalive>();
  let opening: Promise<ClientHttp2Session> | undefined;
  let failures = 0;
  let restUntil = 0;
  let closed = false;

  function session(): ClientHttp2Session | undefined {
    return current === undefined || current.closed || current.destroyed ? undefined : current;
  }

  function dial(): Promise<ClientHttp2Session> {
    return new Promise((resolve, reject) => {
      const made = connect(authority, options);
      const late = setTimeout(() => made.destroy(new Error('connecting took too long')), connectTimeout);
      let connected = false;
      let last = new Error('the connection was closed');
      made.on('error', (error) => {
        last = error;
      });
      made.once('connect', () => {
        clearTimeout(late);
        made.setLocalWindowSize(8 * windowSize);
        failures = 0;
        connected = true;
        current = made;
        watches.set(made, keepAlive(made, keepalive));
        resolve(made);
      });
      // An upstream that is going away finishes what it has; new calls need a new connection.
      made.once('goaway', () => forget(made));
      made.once('close', () => {
        clearTimeout(late);
        if (!connected) {
          const rest = Math.min(firstRest * 2 ** failures++, longestRest);
          restUntil = Date.now() + rest * (0.8 + Math.random() * 0.4);
        }
        forget(made);
        reject(last);
      });
    });
  }

  function forget(gone: ClientHttp2Session): void {
    if (current === gone) current = undefined;
  }

  return {
    session,
    callBegins: (stream) => stream.session && watches.get(stream.session)?.callBegins(stream),
    resting: () => session() === undefined && Date.now() < restUntil,
    open() {
      const up = session();
      if (up !== undefined) return Promise.resolve(up);
      if (closed) return Promise.reject(new Error('the transport is closed'));
      if (opening === undefined && Date.now() < restUntil)
        return Promise.reject(new Error('connecting failed just now'));
      opening ??= dial().finally(() => {
        opening = undefined;
      });
      return opening;
    },
    close() {
      closed = true;
      current?.destroy();
    },
  };
}
