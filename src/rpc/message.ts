import { FacetError } from '../domain/errors.js';
import type { Limits } from './limits.js';
import type { Method } from './method.js';
import { malformed } from './request-check.js';

/** The request in the bytes, once every rule holds. Throws INVALID_INPUT, REQUEST_TOO_LARGE or NOT_FOUND. */
export function readMessage(method: Method, bytes: Uint8Array, limits: Limits): unknown {
  if (bytes.length > limits.requestBytes) throw new FacetError('REQUEST_TOO_LARGE');
  const checked = method.check(bytes);
  try {
    return method.decode(checked);
  } catch (error) {
    // An integer beyond 2^53, which the generated code does not hold.
    throw malformed(error);
  }
}

/** The bytes of the one request that a call has. Throws INVALID_INPUT where there is none or another. */
export async function onlyRequest(requests: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await nextRequest(iterator);
  if (first.done === true)
    throw new FacetError('INVALID_INPUT', { message: 'The call has no request message.' });
  const second = await nextRequest(iterator);
  if (second.done === true) return first.value;
  throw new FacetError('INVALID_INPUT', { message: 'The call has more than one request message.' });
}

/** The next request. Where the caller's side of the stream breaks, the caller has gone: throws CANCELLED. */
export async function nextRequest(requests: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await requests.next();
  } catch (cause) {
    throw new FacetError('CANCELLED', { cause });
  }
}

/** The bytes of an answer. Throws ANSWER_TOO_LARGE. */
export function writeMessage(method: Method, message: unknown, limits: Limits): Uint8Array {
  const bytes = method.encode(message);
  if (bytes.length > limits.answerBytes) throw new FacetError('ANSWER_TOO_LARGE');
  return bytes;
}
