import type { Logger } from 'pino';
import { FacetError } from '../domain/errors.js';
import type { Authenticate } from './call.js';
import { createEntrance } from './entrance.js';
import { readImage } from './image.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { compileMethods, type Method } from './method.js';
import { beginCall, type OngoingCall, unimplemented } from './ongoing-call.js';
import type { Service } from './service.js';
import { runStream } from './stream.js';
import type { CallOptions, StreamReply, UnaryReply } from './transport.js';
import { runUnary } from './unary.js';

export interface PipelineOptions {
  /** The descriptor image, as `buf build` writes it. */
  readonly image: Uint8Array;
  readonly services: readonly Service[];
  readonly authenticate: Authenticate;
  readonly limits?: Partial<Limits>;
  readonly log: Logger;
}

/**
 * Carries every call, whatever it comes by: request id, key, scope, limits, deadline, the rules of the protos,
 * handler, and how errors look. Nothing here throws or rejects; failures are statuses.
 */
export interface Pipeline {
  /** By full method name. */
  readonly methods: ReadonlyMap<string, Pick<Method, 'path' | 'requestStream' | 'responseStream'>>;
  readonly limits: Limits;
  /** A request that is still on its way is read once the key, the scope and the limits have let the call in. */
  unary(call: CallOptions, request: Uint8Array | AsyncIterable<Uint8Array>): Promise<UnaryReply>;
  stream(call: CallOptions, requests: AsyncIterable<Uint8Array>): StreamReply;
  /**
   * Refuses new calls, ends streams, and waits for the unary calls under way, which are ended too when the
   * time is up. All with SHUTTING_DOWN.
   */
  stop(withinMs: number): Promise<void>;
}

/** Throws where a service cannot be started, with the list of what is wrong. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const methods = compileMethods(readImage(options.image), options.services);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const enter = createEntrance(options.authenticate, limits);
  const underWay = new Set<OngoingCall>();
  let whenIdle: (() => void) | undefined;
  let stopping = false;

  const begin = (method: Method, incoming: CallOptions, deadline: number): OngoingCall => {
    const ongoing = beginCall(method, incoming, deadline, options.log);
    underWay.add(ongoing);
    ongoing.holds(() => {
      underWay.delete(ongoing);
      if (underWay.size === 0) whenIdle?.();
    });
    if (stopping) ongoing.life.end(new FacetError('SHUTTING_DOWN'));
    return ongoing;
  };
  const end = (which: (method: Method) => boolean) => {
    for (const { method, life } of underWay) if (which(method)) life.end(new FacetError('SHUTTING_DOWN'));
  };

  return {
    methods,
    limits,
    unary(incoming, request) {
      const method = methods.get(incoming.path);
      if (method === undefined || isStream(method)) {
        return Promise.resolve({ ...unimplemented(incoming), message: undefined, trailer: [] });
      }
      const now = Date.now();
      const deadline = Math.min(
        incoming.deadline ?? now + limits.defaultDeadlineMs,
        now + limits.longestDeadlineMs,
      );
      return runUnary(begin(method, incoming, deadline), enter, limits, request);
    },
    stream(incoming, requests) {
      const method = methods.get(incoming.path);
      if (method === undefined || !isStream(method)) return noStream(incoming);
      const ongoing = begin(method, incoming, incoming.deadline ?? Number.POSITIVE_INFINITY);
      return runStream(ongoing, enter, limits, requests);
    },
    async stop(withinMs) {
      stopping = true;
      end(isStream);
      if (underWay.size > 0) {
        const timer = setTimeout(() => end(() => true), withinMs);
        await new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
        clearTimeout(timer);
      }
    },
  };
}

function isStream(method: Pick<Method, 'requestStream' | 'responseStream'>): boolean {
  return method.requestStream || method.responseStream;
}

function noStream(incoming: CallOptions): StreamReply {
  const { status, header } = unimplemented(incoming);
  return {
    header: Promise.resolve(header),
    messages: (async function* () {})(),
    end: Promise.resolve({ status, trailer: [] }),
  };
}
