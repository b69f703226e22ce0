import type { Entrance } from './entrance.js';
import type { Limits } from './limits.js';
import { onlyRequest, readMessage, writeMessage } from './message.js';
import type { OngoingCall } from './ongoing-call.js';
import { OK } from './status.js';
import type { UnaryReply } from './transport.js';

/** Runs a unary call to its end. Never rejects. */
export async function runUnary(
  ongoing: OngoingCall,
  enter: Entrance,
  limits: Limits,
  request: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<UnaryReply> {
  const { method, life, call } = ongoing;
  const answer = async () => {
    await enter(ongoing);
    const bytes = request instanceof Uint8Array ? request : await onlyRequest(request);
    // The handler of a call that has ended meanwhile must not run.
    if (life.reason !== undefined) throw life.reason;
    const message = await method.handler(readMessage(method, bytes, limits), call);
    return writeMessage(method, message, limits);
  };
  try {
    const message = await life.during(answer());
    return { status: OK, message, header: ongoing.header, trailer: [] };
  } catch (error) {
    return {
      status: ongoing.fail(error),
      message: undefined,
      header: ongoing.header.slice(0, 1),
      trailer: [],
    };
  } finally {
    ongoing.close();
  }
}
