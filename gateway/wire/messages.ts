import { once } from 'node:events';
import { Code } from '../errors/codes.js';
import type { WireCall } from './call.js';
import { callerGone, ownEnd } from './end.js';
import { BadFrame, createFrameReader, frame } from './frames.js';

/** Bytes that one message of an answer may have. */
const answerLimit = 32 * 1024 * 1024;

/** The single message of an answer, undefined where there is none. Settles when the call has ended. */
export function receiveOne(call: WireCall): Promise<Uint8Array | undefined> {
  const reader = createFrameReader(answerLimit);
  let message: Uint8Array | undefined;
  return new Promise((resolve) => {
    call.stream.on('data', (chunk: Buffer) => {
      try {
        for (const each of reader.push(chunk)) message ??= each;
      } catch (error) {
        call.stop(endOfBadFrame(error));
      }
    });
    call.stream.once('close', () => resolve(message));
  });
}

/** The messages of an answer; while nobody reads, the service is held back. */
export async function* receiveAll(call: WireCall): AsyncGenerator<Uint8Array> {
  const reader = createFrameReader(answerLimit);
  let whole = false;
  try {
    for await (const chunk of call.stream.iterator({ destroyOnReturn: false }))
      yield* reader.push(chunk as Buffer);
    whole = true;
  } catch (error) {
    // A broken stream tells its own story in `end`.
    if (error instanceof BadFrame) call.stop(endOfBadFrame(error));
    whole = true;
  } finally {
    if (!whole) call.stop(callerGone);
  }
  await call.end;
}

/** Sends the messages of a request as the service takes them. */
export async function sendAll(call: WireCall, requests: AsyncIterable<Uint8Array>): Promise<void> {
  const { stream } = call;
  const closed = once(stream, 'close').catch(() => {});
  try {
    for await (const request of requests) {
      if (stream.closed || stream.destroyed || stream.writableEnded) return;
      if (!stream.write(frame(request))) await Promise.race([once(stream, 'drain'), closed]);
    }
    stream.end();
  } catch {
    // Half of a client's stream must not look like the whole of it.
    call.stop(callerGone);
  }
}

function endOfBadFrame(error: unknown) {
  const { message, tooLarge } = error as BadFrame;
  return ownEnd(tooLarge ? Code.RESOURCE_EXHAUSTED : Code.INTERNAL, message);
}
