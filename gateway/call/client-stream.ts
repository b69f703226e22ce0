import { type Failure, GatewayError } from '../errors/failure.js';
import { type Exchange, sendFailure } from '../http/exchange.js';
import { bodyChunks } from '../http/read-body.js';
import { toSyntaxFailure } from '../http/read-request.js';
import { parseJsonSequence } from '../json/parse.js';
import type { Transport } from '../transport.js';
import { answerStream } from './answer-stream.js';
import { answerUnary } from './unary.js';

/** A stream of requests, one answer. */
export async function serveClientStream(exchange: Exchange, transport: Transport): Promise<void> {
  const input = readItems(exchange);
  const reply = transport.stream(exchange.call, input.items);
  let message: Uint8Array | undefined;
  for await (const each of reply.messages) message ??= each;
  const [header, { status, trailer }] = await Promise.all([reply.header, reply.end]);
  const failure = input.failure();
  if (failure !== undefined) sendFailure(exchange, failure);
  else answerUnary(exchange, { status, message, header, trailer });
}

/** Streams both ways: answers may begin before the requests have ended. */
export async function serveBidiStream(exchange: Exchange, transport: Transport): Promise<void> {
  const input = readItems(exchange);
  await answerStream(exchange, transport.stream(exchange.call, input.items), input.failure);
}

// A bad item cancels the call before its stream ends, so that the service never takes the part for the whole.
function readItems(exchange: Exchange): {
  items: AsyncIterable<Uint8Array>;
  failure: () => Failure | undefined;
} {
  const { request, operation, settings, cancel } = exchange;
  const limits = {
    maxDepth: settings.limits.depth,
    trailing: 'refuse' as const,
    maxBytes: settings.limits.body,
  };
  let failure: Failure | undefined;
  async function* items(): AsyncGenerator<Uint8Array> {
    try {
      for await (const node of parseJsonSequence(bodyChunks(request), limits))
        yield operation.encodeItem(node);
    } catch (error) {
      const known = toSyntaxFailure(error);
      if (known instanceof GatewayError) failure = known.failure;
      cancel();
      if (failure === undefined) throw known;
    }
  }
  return { items: items(), failure: () => failure };
}
