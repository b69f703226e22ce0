import type { Clock } from '../../domain/linkedin/clock.js';

/** A pause that an aborted signal ends with its reason. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const callOff = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    const abort = () => {
      callOff();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** The work took longer than it may. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

/**
 * Settles as the work does, unless `ms` pass (TooLateError) or the outer signal is aborted (its reason)
 * first; then the work's own signal is aborted, and `late` hears of what it comes to all the same.
 */
export function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  late: (value: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    outer.throwIfAborted();
    const inner = new AbortController();
    const giveUp = (reason: unknown) => {
      release();
      inner.abort(reason);
      reject(reason);
    };
    const abort = () => giveUp(outer.reason);
    const callOff = clock.after(ms, () => giveUp(new TooLateError(`no answer within ${ms} ms`)));
    const release = () => {
      callOff();
      outer.removeEventListener('abort', abort);
    };
    outer.addEventListener('abort', abort, { once: true });
    const settle = async () => {
      try {
        const value = await work(inner.signal);
        if (inner.signal.aborted) late(value);
        else resolve(value);
      } catch (error) {
        reject(error);
      } finally {
        release();
      }
    };
    void settle();
  });
}
