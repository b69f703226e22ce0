import type { IncomingMessage } from 'node:http';
import { Code } from '../errors/codes.js';
import { type Failure, GatewayError } from '../errors/failure.js';
import type { Metadata } from '../transport.js';

// The headers that grpc-gateway counts as permanent: they go on with a prefix.
const permanent = new Set(
  (
    'accept accept-charset accept-language accept-ranges authorization cache-control content-type cookie date ' +
    'expect from host if-match if-modified-since if-none-match if-schedule-tag-match if-unmodified-since ' +
    'max-forwards origin pragma referer user-agent via warning'
  ).split(' '),
);

// What HTTP/2 and gRPC keep for themselves may not be set from outside.
const reserved =
  /^(?:grpc-(?:timeout|encoding|accept-encoding|status|message|message-type|internal.*|previous-rpc-attempts|retry-pushback-ms)|content-type|content-length|user-agent|te|host|connection|keep-alive|proxy-connection|transfer-encoding|upgrade|http2-settings)$/;

// What only follows a request must never stop it.
const tracing = new Set(['x-request-id', 'traceparent', 'tracestate']);

const unprintable = (name: string): Failure => ({
  code: Code.INVALID_ARGUMENT,
  reason: 'INVALID_HEADER',
  message: `the header ${name} may have printable ASCII only`,
  violations: [
    { place: 'header', field: name, description: 'may have printable ASCII only', rule: 'header_invalid' },
  ],
});

// What HTTP/2 counts for a header besides its text.
const entryOverhead = 32;

/** Which request headers become metadata beside those that always do. */
export interface RequestHeaderRules {
  /** Lower-case names that go on as they are. */
  readonly allowed: ReadonlySet<string>;
  /** Whether `Grpc-Metadata-*` goes on without its prefix. */
  readonly sideDoors: boolean;
  /** Bytes that the metadata may have, counted as HTTP/2 counts them. */
  readonly limit: number;
}

/**
 * The metadata of a request, as grpc-gateway makes it: `authorization`, permanent headers under `grpcgateway-`,
 * and where the request came from. Header values that are not printable ASCII are left out.
 * Throws a GatewayError where a header that goes on under its own name is one of those (but for tracing), where a binary header is no base64, or where the metadata is larger than the limit.
 */
export function requestMetadata(request: IncomingMessage, rules: RequestHeaderRules): Metadata {
  const metadata: [string, string | Uint8Array][] = [];
  const forwarded: string[] = [];
  let forwardedHost: string | undefined;
  let size = 0;
  let authorized = false;
  const add = (name: string, value: string | Uint8Array): void => {
    // Which of two keys counts must not depend on who reads them.
    if (name === 'authorization' && authorized) throw new GatewayError(twoKeys);
    authorized ||= name === 'authorization';
    size += name.length + value.length + entryOverhead;
    metadata.push([name, value]);
  };
  const raw = request.rawHeaders;
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    if (name === 'x-forwarded-for') {
      if (printable(value)) forwarded.push(value);
    } else if (name === 'x-forwarded-host') forwardedHost ??= value;
    else if (name.startsWith('grpc-metadata-')) {
      if (rules.sideDoors) addOpen(name.slice('grpc-metadata-'.length), name, value, add);
    } else if (!printable(value)) {
      // A condition that cannot be passed on must not be taken for none.
      if (rules.allowed.has(name) && !tracing.has(name)) throw new GatewayError(unprintable(name));
    } else {
      if (name === 'authorization' || rules.allowed.has(name)) add(name, value);
      if (name !== 'host' && permanent.has(name)) add(`grpcgateway-${name}`, value);
    }
  }
  const host = forwardedHost || request.headers.host;
  if (host && printable(host)) add('x-forwarded-host', host);
  const peer = request.socket.remoteAddress?.replace(/^::ffff:/, '');
  if (peer !== undefined) forwarded.push(peer);
  if (forwarded.length > 0) add('x-forwarded-for', forwarded.join(', '));
  if (size > rules.limit) {
    throw new GatewayError({
      code: Code.RESOURCE_EXHAUSTED,
      httpStatus: 431,
      reason: 'HEADERS_TOO_LARGE',
      message: `request headers above ${rules.limit} bytes`,
    });
  }
  return metadata;
}

const twoKeys = { code: Code.UNAUTHENTICATED, message: 'more than one Authorization header' };

function addOpen(
  name: string,
  header: string,
  value: string,
  add: (name: string, value: string | Uint8Array) => void,
): void {
  if (!/^[0-9a-z_.-]+$/.test(name) || reserved.test(name)) return;
  if (!name.endsWith('-bin')) {
    if (printable(value)) add(name, value);
    return;
  }
  // As in Go: padded where the length says so, else without padding.
  if (
    !(value.length % 4 === 0 ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9+/]*$/).test(value) ||
    value.length % 4 === 1
  ) {
    throw new GatewayError({
      code: Code.INVALID_ARGUMENT,
      message: `invalid binary header ${header}: illegal base64 data`,
    });
  }
  add(name, Buffer.from(value, 'base64'));
}

function printable(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const char = value.charCodeAt(at);
    if (char < 0x20 || char > 0x7e) return false;
  }
  return true;
}
