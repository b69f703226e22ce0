import type { IncomingMessage } from 'node:http';
import { Code } from '../errors/codes.js';
import { GatewayError } from '../errors/failure.js';
import type { StreamClock } from './request-times.js';

/** Thrown where the client went away before its request was whole: nobody is left to answer. */
export class ClientGone extends Error {}

/** Reads a request's body, whatever its content type. Throws a GatewayError (413) above `limit` bytes. */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (): void => {
      // What still comes is read and dropped, so that the answer reaches a client that is busy sending.
      chunks = [];
      request.off('data', take);
      request.resume();
      reject(tooLarge(limit));
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) refuse();
      else chunks.push(chunk);
    };
    if (request.destroyed) return reject(new ClientGone('the client went away'));
    if (request.readableEnded)
      return reject(new Error('the body was read before: mount the gateway before body parsers'));
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse();
    request.on('data', take);
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('error', (error) => reject(new ClientGone('the client went away', { cause: error })));
    request.once('close', () => reject(new ClientGone('the client went away')));
  });
}

/** The chunks of a body as they come. Leaving early keeps the connection, so that an answer can still be sent. */
export async function* bodyChunks(request: IncomingMessage, clock: StreamClock): AsyncGenerator<Buffer> {
  try {
    clock.waiting();
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      clock.busy();
      yield chunk as Buffer;
      clock.waiting();
    }
  } catch (error) {
    throw new ClientGone('the client went away', { cause: error });
  } finally {
    // What is left, if anything, must come to its end, too.
    clock.waiting();
    request.resume();
  }
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError({
    code: Code.RESOURCE_EXHAUSTED,
    httpStatus: 413,
    reason: 'BODY_TOO_LARGE',
    message: `the body is larger than ${limit} bytes`,
  });
}
