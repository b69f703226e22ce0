import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Settles as `work` does, unless the signal is aborted first: then it rejects at once with the signal's
 * reason and whatever becomes of `work` is dropped.
 *
 * @param onAbort called then, so that `work` can be ended
 */
export function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort?: () => void,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      onAbort?.();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    const settle = () => signal.removeEventListener('abort', abort);
    work.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
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
