import { setMaxListeners } from 'node:events';
import { FacetError } from '../domain/errors.js';

/** setTimeout fires at once beyond this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The span of one call: from its arrival to its answer, its deadline, or the caller's going. */
export interface Life {
  /** Aborted, with the reason, when the call ends before its answer. Made when first asked for: it is dear. */
  readonly signal: AbortSignal;
  /** Why the call has ended before its answer, once it has. */
  readonly reason: FacetError | undefined;
  /** The outcome of the work, or a rejection with the reason for which the call ended first. */
  during<T>(work: PromiseLike<T>): Promise<T>;
  /** Ends the call before its answer; later reasons are ignored. */
  end(reason: FacetError): void;
  /** To be called once the answer is known: lets go of the timer and of the caller. */
  close(): void;
}

/** @param deadline milliseconds since the epoch, Infinity for none */
export function startLife(deadline: number, caller: AbortSignal): Life {
  let controller: AbortController | undefined;
  // Promise.race on one long-lived promise would keep every settled step of a long stream in memory.
  const waiting = new Set<(reason: FacetError) => void>();
  let reason: FacetError | undefined;
  let timer: NodeJS.Timeout | undefined;

  const close = () => {
    clearTimeout(timer);
    caller.removeEventListener('abort', onCallerGone);
  };
  const end = (why: FacetError) => {
    if (reason !== undefined) return;
    reason = why;
    close();
    controller?.abort(why);
    for (const reject of waiting) reject(why);
    waiting.clear();
  };
  const onDeadline = () => {
    if (Date.now() >= deadline) end(new FacetError('DEADLINE_EXCEEDED'));
    else timer = setTimeout(onDeadline, Math.min(deadline - Date.now(), LONGEST_TIMER_MS));
  };
  const onCallerGone = () => {
    // A gRPC server lets go of a call whose deadline has passed, which is not the caller's going.
    end(new FacetError(Date.now() >= deadline ? 'DEADLINE_EXCEEDED' : 'CANCELLED'));
  };

  if (deadline !== Number.POSITIVE_INFINITY) onDeadline();
  if (caller.aborted) onCallerGone();
  else if (reason === undefined) caller.addEventListener('abort', onCallerGone, { once: true });

  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        // A call may read and write many records at once, each of which listens.
        setMaxListeners(0, controller.signal);
        if (reason !== undefined) controller.abort(reason);
      }
      return controller.signal;
    },
    get reason() {
      return reason;
    },
    end,
    close,
    during: (work) =>
      new Promise((resolve, reject) => {
        if (reason !== undefined) {
          // The work is abandoned, and its failure is nobody's business any more.
          work.then(undefined, () => undefined);
          reject(reason);
          return;
        }
        waiting.add(reject);
        work.then(
          (value) => {
            waiting.delete(reject);
            resolve(value);
          },
          (error) => {
            waiting.delete(reject);
            reject(error);
          },
        );
      }),
  };
}
