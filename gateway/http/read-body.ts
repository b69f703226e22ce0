import type { IncomingMessage } from 'node:http';
import { Code } from '../errors/codes.js';
import { GatewayError } from '../errors/failure.js';
import type { StreamClock } from './request-times.js';

/** Thrown where the client went away before its request was whole: nobody is left to answer. */
export class ClientGone extends Error {}

/** How long a client that closes its connection may go on sending what is too large before it is answered. */
const LINGER_MS = 2000;

/** Reads a request's body, whatever its content type. Throws a GatewayError (413) above `limit` bytes. */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let refused = false;
    const refuse = (): void => {
      refused = true;
      // What still comes is read and dropped, so that the answer reaches a client that is busy sending.
      chunks = [];
      request.off('data', take);
      request.resume();
      // With its answer Node closes such a connection, and what is still on its way would reset it.
      if (closes(request)) setTimeout(() => reject(tooLarge(limit)), LINGER_MS).unref();
      else reject(tooLarge(limit));
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) refuse();
      else chunks.push(chunk);
    };
    const end = (): void => {
      if (refused) reject(tooLarge(limit));
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    };
    if (request.destroyed) return reject(new ClientGone('the client went away'));
    if (request.readableEnded)
      return reject(new Error('the body was read before: mount the gateway before body parsers'));
    request.once('end', end);
    request.once('error', (error) => reject(new ClientGone('the client went away', { cause: error })));
    request.once('close', () => reject(new ClientGone('the client went away')));
    if (Number(request.headers['content-length'] ?? 0) > limit) refuse();
    else request.on('data', take);
  });
}

/** Whether the connection ends with this request (RFC 9112, section 9.3). */
function closes({ headers, httpVersion }: IncomingMessage): boolean {
  const options = headers.connection?.toLowerCase() ?? '';
  return /\bclose\b/.test(options) || (httpVersion === '1.0' && !/\bkeep-alive\b/.test(options));
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
