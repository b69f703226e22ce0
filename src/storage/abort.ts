import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Settles as `work` does, unless the signal is aborted first: then it rejects at once with the signal's
 * reason and whatever becomes of `work` is dropped.
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A pause of `ms` milliseconds that an aborted signal ends with its reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Ends any number of waits at once, where Node would warn of the eleventh as of a leak. */
export function createCloser(): AbortController {
  const closer = new AbortController();
  setMaxListeners(0, closer.signal);
  return closer;
}
