import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { Code } from '../errors/codes.js';
import type { CallOptions, Metadata } from '../transport.js';
import {
  type CallEnd,
  callerGone,
  endOfHttp,
  endOfReset,
  endOfTrailers,
  lost,
  ownEnd,
  tooLate,
} from './end.js';
import { addMetadata, readMetadata } from './metadata.js';

/** A call under way on an HTTP/2 stream. */
export interface WireCall {
  readonly stream: ClientHttp2Stream;
  /** Settles with the header metadata, empty where the call ended without any. */
  readonly header: Promise<Metadata>;
  /** Settles once the stream has closed: all that it brought has then been read. */
  readonly end: Promise<CallEnd>;
  /** Whether the service refused the call without looking at it. */
  refused(): boolean;
  /** Ends the call at once, as it is said. */
  stop(end: CallEnd): void;
}

const longestTimer = 2 ** 31 - 1;

/** Opens a call. Throws a CallRefused where its metadata cannot be sent. */
export function startCall(session: ClientHttp2Session, options: CallOptions): WireCall {
  const stream = openStream(session, options);
  let forced: CallEnd | undefined;
  let told: CallEnd | undefined;
  let httpStatus = 200;
  let reset = 0;
  let header: Metadata = [];

  const stop = (end: CallEnd): void => {
    forced ??= end;
    stream.close(constants.NGHTTP2_CANCEL);
  };
  const leave = (): void => stop(callerGone);
  const timer = startTimer(options.deadline, () => stop(tooLate));
  options.signal.addEventListener('abort', leave, { once: true });

  const headerPromise = new Promise<Metadata>((resolve) => {
    stream.once('response', (headers, _flags, ...rest) => {
      const raw = rawOf(rest);
      httpStatus = Number(headers[':status']);
      told = endOfTrailers(raw);
      if (told === undefined) header = readMetadata(raw);
      resolve(header);
    });
    stream.once('close', () => resolve(header));
  });
  stream.once('trailers', (_headers, _flags, ...rest) => {
    told = endOfTrailers(rawOf(rest));
    // The service is done, whether or not all requests were sent.
    if (!stream.writableEnded) stream.end();
  });
  // What an error says is told by `close`, which follows it.
  stream.on('error', () => {});
  const end = new Promise<CallEnd>((resolve) => {
    stream.once('close', () => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', leave);
      reset = stream.rstCode ?? 0;
      if (told === undefined && httpStatus !== 200) told = endOfHttp(httpStatus);
      resolve(forced ?? told ?? (session.destroyed ? lost : endOfReset(reset)));
    });
  });
  if (options.signal.aborted) leave();
  return {
    stream,
    header: headerPromise,
    end,
    refused: () => reset === constants.NGHTTP2_REFUSED_STREAM,
    stop,
  };
}

/** Thrown where a call cannot be sent as it is. */
export class CallRefused extends Error {
  constructor(readonly end: CallEnd) {
    super(end.status.message);
  }
}

function openStream(
  session: ClientHttp2Session,
  { path, metadata, deadline }: CallOptions,
): ClientHttp2Stream {
  const headers: OutgoingHttpHeaders = {
    ':method': 'POST',
    ':path': path,
    te: 'trailers',
    'content-type': 'application/grpc',
    'user-agent': 'facet-gateway',
  };
  if (deadline !== undefined) headers['grpc-timeout'] = timeoutText(deadline - Date.now());
  addMetadata(headers, metadata);
  try {
    return session.request(headers, { endStream: false });
  } catch (error) {
    if (session.destroyed || session.closed) throw new CallRefused(lost);
    const message = `the metadata cannot be sent: ${(error as Error).message}`;
    throw new CallRefused(ownEnd(Code.INVALID_ARGUMENT, message));
  }
}

// At most eight digits, rounded up, so that the service never gives up before the gateway.
function timeoutText(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds));
  if (whole < 1e8) return `${whole}m`;
  const seconds = Math.ceil(whole / 1000);
  return seconds < 1e8 ? `${seconds}S` : `${Math.min(Math.ceil(seconds / 3600), 99_999_999)}H`;
}

function startTimer(deadline: number | undefined, expire: () => void): NodeJS.Timeout | undefined {
  if (deadline === undefined) return undefined;
  const left = Math.ceil(deadline - Date.now());
  return left > longestTimer ? undefined : setTimeout(expire, Math.max(0, left));
}

// Node hands over the raw headers as a last argument that its types do not have yet: only there a name repeats.
function rawOf(rest: readonly unknown[]): readonly string[] {
  return (rest[0] as string[] | undefined) ?? [];
}
