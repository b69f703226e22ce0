import type {
  CallOptions,
  CallStatus,
  Metadata,
  StreamReply,
  Transport,
} from '../../../gateway/transport.js';

/** What a service knows of a call, and how it answers besides its messages. */
export interface ServiceCall {
  readonly metadata: Metadata;
  /** Milliseconds since the epoch. */
  readonly deadline: number | undefined;
  readonly signal: AbortSignal;
  readonly header: [string, string | Uint8Array][];
  readonly trailer: [string, string | Uint8Array][];
}

/** A service on serialized messages; it fails by throwing a ServiceFailure. */
export type Service = (
  path: string,
  requests: AsyncIterable<Uint8Array>,
  call: ServiceCall,
) => AsyncIterable<Uint8Array>;

/** Ends a call with a status other than OK. */
export class ServiceFailure extends Error {
  constructor(readonly status: CallStatus) {
    super(status.message);
  }
}

/** Carries calls to a service in this process. */
export function createLocalTransport(service: Service): Transport {
  return {
    async unary(options, request) {
      const reply = run(service, options, once(request));
      let message: Uint8Array | undefined;
      for await (const each of reply.messages) message ??= each;
      return { message, header: await reply.header, ...(await reply.end) };
    },
    stream: (options, requests) => run(service, options, requests),
    async close() {},
  };
}

async function* once(request: Uint8Array): AsyncGenerator<Uint8Array> {
  yield request;
}

function run(service: Service, options: CallOptions, requests: AsyncIterable<Uint8Array>): StreamReply {
  const { deadline } = options;
  const timeout =
    deadline === undefined ? [] : [AbortSignal.timeout(Math.max(0, Math.ceil(deadline - Date.now())))];
  const signal = AbortSignal.any([options.signal, ...timeout]);
  const call: ServiceCall = { metadata: options.metadata, deadline, signal, header: [], trailer: [] };
  let settleHeader: (header: Metadata) => void = () => {};
  let settleEnd: (end: { status: CallStatus; trailer: Metadata }) => void = () => {};
  const header = new Promise<Metadata>((resolve) => {
    settleHeader = resolve;
  });
  const end = new Promise<{ status: CallStatus; trailer: Metadata }>((resolve) => {
    settleEnd = resolve;
  });
  async function* messages(): AsyncGenerator<Uint8Array> {
    let status: CallStatus = { code: 1, message: 'the reader left' };
    try {
      for await (const message of service(options.path, requests, call)) {
        settleHeader(call.header);
        yield message;
      }
      status = { code: 0, message: '' };
    } catch (error) {
      if (error instanceof ServiceFailure) status = error.status;
      else if (options.signal.aborted) status = { code: 1, message: 'context canceled' };
      else if (signal.aborted) status = { code: 4, message: 'context deadline exceeded' };
      else status = { code: 2, message: String(error) };
    } finally {
      settleHeader(call.header);
      settleEnd({ status, trailer: call.trailer });
    }
  }
  return { header, messages: messages(), end };
}
