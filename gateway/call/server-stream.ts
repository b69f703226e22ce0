import type { Exchange } from '../http/exchange.js';
import { readRequest } from '../http/read-request.js';
import type { Transport } from '../transport.js';
import { answerStream } from './answer-stream.js';

/** One request, a stream of answers. */
export async function serveServerStream(exchange: Exchange, transport: Transport): Promise<void> {
  const message = await readRequest(exchange);
  await answerStream(exchange, transport.stream(exchange.call, once(message)));
}

async function* once(message: Uint8Array): AsyncGenerator<Uint8Array> {
  yield message;
}
