import {
  status as codes,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerInterceptingCallInterface as WireCall,
} from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { FacetError, type Reason } from '../../domain/errors.js';
import type { Pipeline } from '../pipeline.js';
import { errorStatus } from '../status.js';
import type { CallOptions } from '../transport.js';
import { fromGrpc, hasDetails, toGrpc, toGrpcStatus } from './metadata.js';
import { createRequestReader } from './request-reader.js';

/**
 * Hands every call to the pipeline as soon as its headers are there, and leaves out what grpc-js does with calls:
 * it reads requests whole before anybody has looked at the key, and waits for them without limit.
 */
export function carryInto(pipeline: Pipeline): ServerInterceptor {
  return ({ path, requestStream, responseStream }, wire) => {
    inOurWords(wire);
    const carry = requestStream || responseStream ? carryStream : carryUnary;
    return new ServerInterceptingCall(wire, {
      start() {
        const gone = new AbortController();
        const requests = createRequestReader(() => wire.startRead());
        wire.start({
          onReceiveMetadata(metadata) {
            const deadline = Number(wire.getDeadline());
            const options = {
              path,
              metadata: fromGrpc(metadata),
              deadline: Number.isFinite(deadline) ? deadline : undefined,
              signal: gone.signal,
            };
            // The wire failed under the answer: nobody is left to be told.
            carry(pipeline, options, requests.messages, wire).catch(() => gone.abort());
          },
          onReceiveMessage: requests.onMessage,
          onReceiveHalfClose: requests.onEnd,
          onCancel: () => gone.abort(),
        });
      },
    });
  };
}

type Carry = (
  pipeline: Pipeline,
  options: CallOptions,
  requests: AsyncIterable<Uint8Array>,
  wire: WireCall,
) => Promise<void>;

const carryUnary: Carry = async (pipeline, options, requests, wire) => {
  const { status, message, header, trailer } = await pipeline.unary(options, requests);
  wire.sendMetadata(toGrpc(header));
  if (message === undefined) wire.sendStatus(toGrpcStatus(status, trailer));
  else wire.sendMessage(message, () => wire.sendStatus(toGrpcStatus(status, trailer)));
};

const carryStream: Carry = async (pipeline, options, requests, wire) => {
  const { header, messages, end } = pipeline.stream(options, requests);
  // A message on a call that is gone is never called back.
  let onGone = () => {};
  options.signal.addEventListener('abort', () => onGone());
  wire.sendMetadata(toGrpc(await header));
  for await (const message of messages) {
    await new Promise<void>((resolve) => {
      onGone = resolve;
      wire.sendMessage(message, resolve);
    });
  }
  const { status, trailer } = await end;
  wire.sendStatus(toGrpcStatus(status, trailer));
};

/**
 * Gives the statuses that grpc-js makes up by itself our form. It calls a bad grpc-timeout or broken compression
 * INTERNAL, but these are the caller's faults.
 */
function inOurWords(wire: WireCall): void {
  const send = wire.sendStatus.bind(wire);
  wire.sendStatus = (status) => {
    const reason = hasDetails(status) ? undefined : REASONS_BY_CODE.get(status.code);
    send(reason === undefined ? status : toGrpcStatus(errorStatus(new FacetError(reason), uuidv7())));
  };
}

const REASONS_BY_CODE = new Map<number | undefined | null, Reason>([
  [codes.INTERNAL, 'INVALID_INPUT'],
  [codes.UNKNOWN, 'INVALID_INPUT'],
  [codes.RESOURCE_EXHAUSTED, 'REQUEST_TOO_LARGE'],
  [codes.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED'],
]);
