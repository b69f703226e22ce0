import type { Transport } from './transport.js';
import { startCall, type WireCall } from './wire/call.js';
import { openChannels, type TlsFiles } from './wire/channels.js';

export type { TlsFiles } from './wire/channels.js';

export interface WireOptions {
  /** "host:port", or several parted by commas, which are balanced. */
  readonly upstream: string;
  /** Without it the connection is not encrypted. */
  readonly tls?: TlsFiles;
}

/** A transport over gRPC channels. */
export interface WireTransport extends Transport {
  /** Whether the service can be reached, waiting for it up to `milliseconds`. */
  ready(milliseconds: number): Promise<boolean>;
}

/** Carries calls to a gRPC service elsewhere. Channels connect when they are first needed. */
export function createWireTransport({ upstream, tls }: WireOptions): WireTransport {
  const channels = openChannels(upstream, tls);
  return {
    async unary(options, request) {
      const call = startCall(channels.pick(), options);
      call.write(request);
      call.halfClose();
      const message = await call.read();
      const { status, trailer } = await call.end;
      return { status, message, trailer, header: await call.header };
    },
    stream(options, requests) {
      const call = startCall(channels.pick(), options);
      send(call, requests);
      return { header: call.header, messages: receive(call), end: call.end };
    },
    ready: (milliseconds) => channels.ready(milliseconds),
    async close() {
      channels.close();
    },
  };
}

async function send(call: WireCall, requests: AsyncIterable<Uint8Array>): Promise<void> {
  let ended = false;
  call.end.then(() => {
    ended = true;
  });
  try {
    for await (const request of requests) {
      if (ended) return;
      await call.write(request);
    }
    call.halfClose();
  } catch {
    // Half of a client's stream must not look like the whole of it.
    call.cancel();
  }
}

async function* receive(call: WireCall): AsyncGenerator<Uint8Array> {
  try {
    for (let message = await call.read(); message !== undefined; message = await call.read()) yield message;
    await call.end;
  } finally {
    call.cancel();
  }
}
