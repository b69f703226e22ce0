import { Code } from '../errors/codes.js';
import { GatewayError } from '../errors/failure.js';
import { readStatus } from '../errors/read-status.js';
import type { Exchange } from '../http/exchange.js';
import type { CallStatus, Transport } from '../transport.js';

/** A tag of field number 0: no protobuf parser takes it, so no handler ever runs on it. */
const noMessage = Uint8Array.of(0);

/**
 * The error of a request that could not be read: the service's own where it does not let the caller in, else `error`.
 * Only the service knows its callers, so it is called all the same, with bytes that are no message.
 */
export async function callerFirst(
  error: unknown,
  exchange: Exchange,
  transport: Transport,
): Promise<unknown> {
  const isInvalid = error instanceof GatewayError && error.failure.code === Code.INVALID_ARGUMENT;
  if (!isInvalid || !exchange.contract.settings.callerFirst) return error;
  const status = await ask(exchange, transport);
  const isStranger = status.code === Code.UNAUTHENTICATED || status.code === Code.PERMISSION_DENIED;
  return isStranger ? new GatewayError(readStatus(status)) : error;
}

async function ask({ operation, call }: Exchange, transport: Transport): Promise<CallStatus> {
  if (operation.binding.rpc.methodKind === 'unary') return (await transport.unary(call, noMessage)).status;
  const reply = transport.stream(call, once());
  for await (const _ of reply.messages) {
    // There are none; the stream has ended when they have.
  }
  return (await reply.end).status;
}

async function* once(): AsyncGenerator<Uint8Array> {
  yield noMessage;
}
