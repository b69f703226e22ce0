import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileRegistry } from '@bufbuild/protobuf';
import { callerFirst } from './call/caller-first.js';
import { serveBidiStream, serveClientStream } from './call/client-stream.js';
import { serveServerStream } from './call/server-stream.js';
import { serveUnary } from './call/unary.js';
import { compileContracts } from './contract.js';
import { Code } from './errors/codes.js';
import { type Failure, GatewayError, unprintable } from './errors/failure.js';
import { withRpcTypes } from './errors/rpc-types.js';
import { createCors } from './http/cors.js';
import { readDeadline } from './http/deadline.js';
import { type Exchange, type FailureAnswer, requestIdOf, sendFailure } from './http/exchange.js';
import { ClientGone } from './http/read-body.js';
import { requestMetadata } from './http/request-metadata.js';
import { readTarget, type Target } from './http/target.js';
import { readImage } from './image.js';
import { MalformedMessage } from './json/codec.js';
import { type Asked, type Resolution, resolve } from './route/resolve.js';
import { createSelector } from './route/select.js';
import { MalformedEscape } from './route/unescape.js';
import { parseSettings, type SettingsInput } from './settings.js';
import type { Transport } from './transport.js';

/** Where the gateway writes what its operator should know; a pino logger fits. */
export interface GatewayLog {
  error(details: object, message: string): void;
}

/** What a gateway is made of. */
export interface GatewayOptions {
  /** A FileDescriptorSet with all imports: serialized, or read by who needs it too. */
  readonly image: Uint8Array | FileRegistry;
  readonly transport: Transport;
  readonly settings?: SettingsInput;
  readonly log?: GatewayLog;
}

/**
 * Answers a request over HTTP by a gRPC call. A path that it does not know goes to `next` where that is given,
 * and is answered with 404 otherwise. It needs nothing of Express, and mounts on any app before its body parsers.
 */
export type GatewayHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

const servers = {
  unary: serveUnary,
  server_streaming: serveServerStream,
  client_streaming: serveClientStream,
  bidi_streaming: serveBidiStream,
};

/**
 * Makes a gateway for all annotated services of an image.
 * Throws an Error that lists everything wrong with the settings, or with the routes.
 */
export function createGateway(options: GatewayOptions): GatewayHandler {
  const { transport, log } = options;
  const settings = parseSettings(options.settings ?? {});
  const registry = withRpcTypes(
    options.image instanceof Uint8Array ? readImage(options.image) : options.image,
  );
  const contracts = compileContracts(registry, settings);
  const select = createSelector(contracts, settings);
  const cors = createCors(settings, [...new Set(contracts.flatMap((each) => each.settings.responseHeaders))]);

  async function serve(answer: FailureAnswer, target: Target, found: Extract<Resolution, { kind: 'found' }>) {
    const { request, response, contract, path } = answer;
    const controller = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    const { route: operation, parameters } = found.match;
    // Named one by one: an object that is spread and added to is slow to make and slow to read.
    const exchange: Exchange = {
      request,
      response,
      contract,
      path,
      operation,
      parameters,
      settings,
      query: target.query,
      formAsQuery: found.formAsQuery,
      call: {
        path: operation.path,
        metadata: requestMetadata(request, contract.requestHeaders),
        deadline: readDeadline(request.headers['grpc-timeout'] as string | undefined, Date.now()),
        signal: controller.signal,
      },
      cancel: () => controller.abort(),
    };
    try {
      await servers[operation.binding.rpc.methodKind](exchange, transport);
    } catch (error) {
      throw await callerFirst(error, exchange, transport);
    }
  }

  function fail(answer: FailureAnswer, error: unknown): void {
    if (error instanceof ClientGone || answer.response.destroyed) return;
    if (!(error instanceof GatewayError))
      log?.error(
        { err: error, method: answer.operation?.path, requestId: requestIdOf(answer) },
        'request failed',
      );
    // Half an answer cannot be taken back; a cut connection at least tells that it is not whole.
    if (answer.response.headersSent) answer.response.destroy();
    else sendFailure(answer, failureOf(error));
  }

  return (request, response, next) => {
    response.on('error', () => {});
    if (cors(request, response)) return;
    const { method = 'GET', url = '/', headers } = request;
    if (method === 'OPTIONS' && url === '*') {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      return;
    }
    const target = readTarget(url);
    const selection = select(target?.path ?? '/', headers.authorization);
    const path = callersPath(request, target?.path ?? '/');
    let answer: FailureAnswer = {
      request,
      response,
      contract: selection.contract,
      operation: undefined,
      path,
    };
    try {
      if (target === undefined) throw new GatewayError(badPath);
      const asked = readAsked(request);
      const found = resolve(asked, selection, contracts);
      const operation = found.kind === 'found' ? found.match.route : undefined;
      const answered: FailureAnswer = { request, response, contract: found.contract, operation, path };
      answer = answered;
      if (found.kind === 'found') {
        serve(answered, target, found).catch((error: unknown) => fail(answered, error));
      } else if (found.kind === 'known') answerKnown(answer, found.allow);
      else if (next !== undefined) next();
      else sendFailure(answer, notFound);
    } catch (error) {
      fail(
        answer,
        error instanceof MalformedEscape ? new GatewayError({ ...badPath, message: error.message }) : error,
      );
    }
  };
}

const notFound: Failure = { code: Code.NOT_FOUND, message: 'Not Found' };
const badPath: Failure = {
  code: Code.INVALID_ARGUMENT,
  message: 'Bad Request',
  reason: 'INVALID_PATH',
  httpStatus: 400,
};
const internal: Failure = { code: Code.INTERNAL, message: 'internal error' };

function failureOf(error: unknown): Failure {
  if (error instanceof GatewayError) return error.failure;
  return error instanceof MalformedMessage ? unprintable : internal;
}

// An app may have cut off the path that the gateway is mounted at; callers know the whole of it.
function callersPath(request: IncomingMessage, path: string): string {
  return ((request as { baseUrl?: string }).baseUrl ?? '') + path;
}

const formType = 'application/x-www-form-urlencoded';

function readAsked({ method = 'GET', headers }: IncomingMessage): Asked {
  const type = headers['content-type'] ?? '';
  const override = headers['x-http-method-override'];
  return {
    method,
    override: typeof override === 'string' && override !== '' ? override : undefined,
    isForm:
      ['POST', 'PUT', 'PATCH'].includes(method) && type.split(';')[0]?.trim().toLowerCase() === formType,
    mayStandIn: method === 'POST' && type === formType,
  };
}

// Another method of the path would do: OPTIONS is told which, all others are refused with the list.
function answerKnown(answer: FailureAnswer, allow: readonly string[]): void {
  const { request, response, contract } = answer;
  if (contract.settings.wrongMethod === 501) {
    sendFailure(answer, { code: Code.UNIMPLEMENTED, message: 'Method Not Allowed' });
  } else if (request.method === 'OPTIONS') {
    response.writeHead(204, { Allow: allow.join(', ') }).end();
  } else {
    sendFailure(answer, {
      code: Code.UNIMPLEMENTED,
      httpStatus: 405,
      reason: 'METHOD_NOT_ALLOWED',
      message: 'Method Not Allowed',
      headers: { allow: allow.join(', ') },
    });
  }
}
