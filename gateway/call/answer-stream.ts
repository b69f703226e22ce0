import type { ServerResponse } from 'node:http';
import { Code } from '../errors/codes.js';
import { type Failure, unprintable } from '../errors/failure.js';
import { readStatus } from '../errors/read-status.js';
import { type AnswerMetadata, type Exchange, renderFailure, sendFailure } from '../http/exchange.js';
import { writeHeaderMetadata } from '../http/response-metadata.js';
import { MalformedMessage } from '../json/codec.js';
import type { Metadata, StreamReply } from '../transport.js';
import { chooseFormat, type StreamFormat } from './stream-format.js';

const newline = Buffer.from('\n');

/** What the client's own stream has to do with the answers. */
export interface StreamInput {
  /** What was wrong with it, once the call has ended. */
  failure(): Failure | undefined;
  /** An answer went out. */
  answered(): void;
}

const oneRequest: StreamInput = { failure: () => undefined, answered() {} };

/** Writes a stream of answers as it comes, no faster than the client reads it. */
export async function answerStream(
  exchange: Exchange,
  reply: StreamReply,
  input: StreamInput = oneRequest,
): Promise<void> {
  const { request, response, contract, operation, settings } = exchange;
  const format = chooseFormat(request.headers.accept, contract.settings.streamMessages);
  let begun = false;
  let broken: Failure | undefined;
  let header: Metadata = [];
  const begin = (contentType: string): void => {
    if (begun) return;
    begun = true;
    writeHead(exchange, header, contentType, format);
  };
  const heartbeat = format.isEventStream
    ? startHeartbeat(settings.heartbeat, () => {
        begin(format.contentType);
        if (!response.writableNeedDrain && !response.destroyed) response.write(':\n\n');
      })
    : undefined;
  try {
    for await (const message of reply.messages) {
      const { body, contentType } = operation.render(message);
      header = await reply.header;
      begin(typeof body === 'string' ? format.contentType : contentType);
      if (request.method === 'HEAD') {
        exchange.cancel();
        break;
      }
      if (typeof body === 'string') response.write(format.message(body, operation.eventId(message)));
      else response.write(Buffer.concat([body, newline]));
      heartbeat?.refresh();
      input.answered();
      if (response.writableNeedDrain) await drained(response);
    }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    exchange.cancel();
    broken = unprintable;
  } finally {
    clearInterval(heartbeat);
  }
  if (response.destroyed) return;
  if (request.method === 'HEAD' && begun) {
    response.end();
    return;
  }
  const { status, trailer } = await reply.end;
  const failure = broken ?? input.failure() ?? (status.code === Code.OK ? undefined : readStatus(status));
  if (begun) endStream(exchange, failure, format);
  else endUnbegun(exchange, failure, { header: await reply.header, trailer }, format);
}

function writeHead(
  { response, contract, path }: Exchange,
  header: AnswerMetadata['header'],
  contentType: string,
  { isEventStream }: StreamFormat,
): void {
  writeHeaderMetadata(response, header, contract.responseHeaders, path);
  response.statusCode = 200;
  response.setHeader('Content-Type', contentType);
  if (isEventStream) {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
  }
  response.flushHeaders();
}

function endStream(exchange: Exchange, failure: Failure | undefined, format: StreamFormat): void {
  const { response } = exchange;
  if (failure === undefined) response.end();
  else response.end(format.failure(renderFailure(exchange, failure).body));
}

function endUnbegun(
  exchange: Exchange,
  failure: Failure | undefined,
  metadata: AnswerMetadata,
  format: StreamFormat,
): void {
  const { response, contract, path } = exchange;
  if (failure === undefined) {
    writeHeaderMetadata(response, metadata.header, contract.responseHeaders, path);
    // A browser whose stream has nothing left would come back for ever, were it not for 204.
    response.statusCode = format.isEventStream ? 204 : 200;
    response.end();
  } else if (contract.settings.streamErrors === 'plain') {
    sendFailure(exchange, failure, metadata);
  } else {
    writeHeaderMetadata(response, metadata.header, contract.responseHeaders, path);
    const { status, headers, body } = renderFailure(exchange, failure, metadata.header);
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json');
    // Go challenges no stream; a challenge of the settings is another matter.
    const challenged = contract.settings.challenge !== undefined;
    for (const [name, value] of headers)
      if (challenged || name !== 'WWW-Authenticate') response.setHeader(name, value);
    response.end(`{"error":${body}}\n`);
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    if (response.destroyed) settle();
    else response.on('drain', settle).on('close', settle);
  });
}

function startHeartbeat(milliseconds: number, beat: () => void): NodeJS.Timeout {
  return setInterval(beat, milliseconds).unref();
}
