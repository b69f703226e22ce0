import { Code } from '../errors/codes.js';
import { readStatus } from '../errors/read-status.js';
import { type Exchange, sendFailure, sendMessage } from '../http/exchange.js';
import { readRequest } from '../http/read-request.js';
import type { Transport, UnaryReply } from '../transport.js';

const none = new Uint8Array();

/** One request, one answer. */
export async function serveUnary(exchange: Exchange, transport: Transport): Promise<void> {
  const message = await readRequest(exchange);
  answerUnary(exchange, await transport.unary(exchange.call, message));
}

/** Writes what a call with one answer came to. */
export function answerUnary(exchange: Exchange, reply: UnaryReply): void {
  if (exchange.response.destroyed) return;
  if (reply.status.code !== Code.OK) sendFailure(exchange, readStatus(reply.status), reply);
  else sendMessage(exchange, exchange.operation.render(reply.message ?? none), reply);
}
