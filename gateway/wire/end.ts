import { constants } from 'node:http2';
import { Code } from '../errors/codes.js';
import type { CallStatus, Metadata } from '../transport.js';
import { rawHeader, readMetadata } from './metadata.js';

/** How a call ended. */
export interface CallEnd {
  readonly status: CallStatus;
  readonly trailer: Metadata;
}

/** An end that the gateway itself knows of. */
export function ownEnd(code: number, message: string): CallEnd {
  return { status: { code, message }, trailer: [] };
}

export const unreachable = ownEnd(Code.UNAVAILABLE, 'the service cannot be reached');
export const lost = ownEnd(Code.UNAVAILABLE, 'the connection to the service was lost');
export const tooLate = ownEnd(Code.DEADLINE_EXCEEDED, 'context deadline exceeded');
export const callerGone = ownEnd(Code.CANCELLED, 'the caller has gone');

/** The end that trailers tell, or headers that are trailers at once; undefined where they have no grpc-status. */
export function endOfTrailers(raw: readonly string[]): CallEnd | undefined {
  const code = rawHeader(raw, 'grpc-status');
  if (code === undefined) return undefined;
  const details = rawHeader(raw, 'grpc-status-details-bin');
  return {
    status: {
      code: /^\d{1,9}$/.test(code) ? Number(code) : Code.UNKNOWN,
      message: percentDecode(rawHeader(raw, 'grpc-message') ?? ''),
      details: details === undefined ? undefined : Buffer.from(details, 'base64'),
    },
    trailer: readMetadata(raw),
  };
}

/** The end of a call whose answer was plain HTTP, as from a proxy: gRPC's http-grpc-status-mapping. */
export function endOfHttp(status: number): CallEnd {
  const codes: Record<number, number> = {
    400: Code.INTERNAL,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.UNIMPLEMENTED,
    429: Code.UNAVAILABLE,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.UNAVAILABLE,
  };
  return ownEnd(codes[status] ?? Code.UNKNOWN, `the service answered with HTTP status ${status}`);
}

/** The end of a call that HTTP/2 reset: gRPC's mapping of its error codes. */
export function endOfReset(rstCode: number): CallEnd {
  switch (rstCode) {
    case constants.NGHTTP2_REFUSED_STREAM:
      return lost;
    case constants.NGHTTP2_CANCEL:
      return ownEnd(Code.CANCELLED, 'the service cancelled the call');
    case constants.NGHTTP2_ENHANCE_YOUR_CALM:
      return ownEnd(Code.RESOURCE_EXHAUSTED, 'the service refuses so many calls');
    case constants.NGHTTP2_INADEQUATE_SECURITY:
      return ownEnd(Code.PERMISSION_DENIED, 'the service refuses so weak a connection');
    default:
      return ownEnd(Code.INTERNAL, 'the service ended the call without a status');
  }
}

// grpc-message is UTF-8 in percent-escapes; what is no escape stays as it is.
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
