import type { CallOptions, CallStatus, Metadata, Transport } from '../../../gateway/transport.js';
import { type SampleCall, SampleFailure, serveSample } from './service.js';

/** Calls the sample service in this process. */
export function createSampleTransport(): Transport {
  return {
    async unary(options, request) {
      const reply = run(options, once(request));
      let message: Uint8Array | undefined;
      for await (const each of reply.messages) message ??= each;
      return { message, header: await reply.header, ...(await reply.end) };
    },
    stream: run,
    async close() {},
  };
}

async function* once(request: Uint8Array): AsyncGenerator<Uint8Array> {
  yield request;
}

function run(options: CallOptions, requests: AsyncIterable<Uint8Array>): ReturnType<Transport['stream']> {
  const { deadline } = options;
  const timeout =
    deadline === undefined ? [] : [AbortSignal.timeout(Math.max(0, Math.ceil(deadline - Date.now())))];
  const signal = AbortSignal.any([options.signal, ...timeout]);
  const call: SampleCall = { metadata: options.metadata, deadline, signal, header: [], trailer: [] };
  let settleHeader: (header: Metadata) => void = () => {};
  let settleEnd: (end: { status: CallStatus; trailer: Metadata }) => void = () => {};
  const header = new Promise<Metadata>((resolve) => (settleHeader = resolve));
  const end = new Promise<{ status: CallStatus; trailer: Metadata }>((resolve) => (settleEnd = resolve));
  async function* messages(): AsyncGenerator<Uint8Array> {
    let status: CallStatus = { code: 1, message: 'the reader left' };
    try {
      for await (const message of serveSample(options.path, requests, call)) {
        settleHeader(call.header);
        yield message;
      }
      status = { code: 0, message: '' };
    } catch (error) {
      if (error instanceof SampleFailure) status = error.status;
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
