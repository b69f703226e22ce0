import { type Failure, GatewayError } from '../errors/failure.js';
import { type Exchange, sendFailure } from '../http/exchange.js';
import { bodyChunks } from '../http/read-body.js';
import { toSyntaxFailure } from '../http/read-request.js';
import { streamClock } from '../http/request-times.js';
import { parseJsonSequence } from '../json/parse.js';
import type { Transport } from '../transport.js';
import { answerStream, type StreamInput } from './answer-stream.js';
import { answerUnary } from './unary.js';

/** A stream of requests, one answer. */
export async function serveClientStream(exchange: Exchange, transport: Transport): Promise<void> {
  const input = readItems(exchange, exchange.cancel);
  const reply = transport.stream(exchange.call, input.items);
  let message: Uint8Array | undefined;
  for await (const each of reply.messages) message ??= each;
  const [header, { status, trailer }] = await Promise.all([reply.header, reply.end]);
  const failure = input.failure();
  if (failure !== undefined) sendFailure(exchange, failure);
  else answerUnary(exchange, { status, message, header, trailer });
}

/**
 * Streams both ways: answers may begin before the requests have ended. After a bad item what came before it is
 * still answered, as in Go, but then the error is told.
 */
export async function serveBidiStream(exchange: Exchange, transport: Transport): Promise<void> {
  const input = readItems(exchange, () => {});
  await answerStream(exchange, transport.stream(exchange.call, input.items), input);
}

// A stream of requests with one answer is cancelled by a bad item, lest the service take the part for the whole.
function readItems(
  { request, operation, settings }: Exchange,
  giveUp: () => void,
): StreamInput & { readonly items: AsyncIterable<Uint8Array> } {
  const clock = streamClock(request);
  const limits = {
    maxDepth: settings.limits.depth,
    trailing: 'refuse' as const,
    maxBytes: settings.limits.body,
  };
  let failure: Failure | undefined;
  async function* items(): AsyncGenerator<Uint8Array> {
    try {
      for await (const node of parseJsonSequence(bodyChunks(request, clock), limits))
        yield operation.encodeItem(node);
    } catch (error) {
      const known = toSyntaxFailure(error);
      if (!(known instanceof GatewayError)) throw known;
      failure = known.failure;
      giveUp();
    }
  }
  return { items: items(), failure: () => failure, answered: clock.moved };
}
