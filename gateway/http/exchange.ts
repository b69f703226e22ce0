import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Contract } from '../contract.js';
import type { Failure } from '../errors/failure.js';
import type { Operation, Rendered } from '../operation.js';
import type { Settings } from '../settings.js';
import type { CallOptions, Metadata } from '../transport.js';
import { addTrailers, announceTrailers, writeHeaderMetadata } from './response-metadata.js';

/** A request under way, once it is known who answers it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly contract: Contract;
  readonly operation: Operation;
  readonly settings: Settings;
  /** The path as its caller wrote it, with a contract's prefix and all. */
  readonly path: string;
  readonly query: string;
  readonly parameters: readonly string[];
  /** Whether a form in the body counts as query parameters. */
  readonly formAsQuery: boolean;
  readonly call: CallOptions;
  /** Cancels the call. */
  cancel(): void;
}

/** Metadata of an answer. */
export interface AnswerMetadata {
  readonly header: Metadata;
  readonly trailer: Metadata;
}

/** Writes a successful answer. */
export function sendMessage(exchange: Exchange, rendered: Rendered, metadata: AnswerMetadata): void {
  const { response, contract, operation, path } = exchange;
  writeHeaderMetadata(response, metadata.header, contract.responseHeaders, path);
  response.statusCode = operation.binding.option.successStatus;
  if (response.statusCode === 204) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', rendered.contentType);
  sendBody(exchange.request, response, rendered.body, metadata.trailer);
}

/** What an error's answer needs; the call's own metadata where there was a call. */
export interface FailureAnswer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly contract: Contract;
  readonly operation: Operation | undefined;
  readonly path: string;
}

/** Writes an error in the contract's shape. */
export function sendFailure(answer: FailureAnswer, failure: Failure, metadata?: AnswerMetadata): void {
  const { request, response, contract, path } = answer;
  if (metadata !== undefined) writeHeaderMetadata(response, metadata.header, contract.responseHeaders, path);
  const { status, headers, body } = renderFailure(answer, failure, metadata?.header);
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  for (const [name, value] of headers) response.setHeader(name, value);
  // Beside a text Node would write the headers as UTF-8, too, and so the challenge's bytes twice encoded.
  sendBody(request, response, Buffer.from(body), metadata?.trailer ?? []);
}

/** Renders an error with what is known of the request. */
export function renderFailure(
  { contract, operation, request, response }: Omit<FailureAnswer, 'path'>,
  failure: Failure,
  header: Metadata = [],
): ReturnType<Contract['renderFailure']> {
  const given = header.find(([name]) => name === 'x-request-id')?.[1];
  const requestId = typeof given === 'string' ? given : requestIdOf({ request, response, contract });
  return contract.renderFailure(failure, { binding: operation?.binding, requestId });
}

const SANE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/**
 * The id by which a request can be found in logs: its caller's where it sent a sane one. Where the contract shows ids,
 * one that the service has not named is made up and shown.
 */
export function requestIdOf({
  request,
  response,
  contract,
}: Pick<FailureAnswer, 'request' | 'response' | 'contract'>): string | undefined {
  const given = request.headers['x-request-id'];
  const sane = typeof given === 'string' && SANE_ID.test(given) ? given : undefined;
  if (!contract.responseHeaders.allowed.has('x-request-id')) return sane;
  const shown = response.getHeader('x-request-id');
  if (shown !== undefined) return String(shown);
  const id = sane ?? randomUUID();
  if (!response.headersSent) response.setHeader('X-Request-Id', id);
  return id;
}

function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Uint8Array,
  trailer: Metadata,
): void {
  if (trailer.length > 0 && /\btrailers\b/i.test(String(request.headers.te)) && request.method !== 'HEAD') {
    announceTrailers(response, trailer);
    response.write(body);
    addTrailers(response, trailer);
    response.end();
    return;
  }
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
