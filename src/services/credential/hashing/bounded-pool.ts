import { FacetError } from '../../../domain/errors.js';
import { orAborted } from '../../../storage/abort.js';

/** Lets few tasks run at once; the others wait, each tenant in a line of its own, and the lines take turns. */
export interface BoundedPool {
  /** Throws TOO_MANY_REQUESTS, with when to try again, where the line is full, and the signal's reason. */
  run<T>(line: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** How long a task is taken to last, for saying when to try again. */
const TASK_MS = 50;
const LEAST_RETRY_MS = 1000;

export function createBoundedPool({
  atOnce,
  perLine,
}: {
  readonly atOnce: number;
  readonly perLine: number;
}): BoundedPool {
  // Lines in the order of their turns: one that was served goes to the end.
  const lines = new Map<string, (() => void)[]>();
  let running = 0;

  function next(): void {
    const [first] = lines;
    if (running >= atOnce || first === undefined) return;
    const [name, line] = first;
    lines.delete(name);
    const begin = line.shift()!;
    if (line.length > 0) lines.set(name, line);
    running++;
    begin();
  }

  return {
    run(name, task, signal) {
      signal?.throwIfAborted();
      const line = lines.get(name) ?? [];
      if (line.length >= perLine) {
        const retryAfterMs = Math.max(LEAST_RETRY_MS, (line.length * TASK_MS) / atOnce);
        throw new FacetError('TOO_MANY_REQUESTS', { retryAfterMs });
      }
      lines.set(name, line);
      const turn = new Promise<void>((resolve) => line.push(resolve)).then(async () => {
        try {
          // Whoever has gone is not worked for.
          signal?.throwIfAborted();
          return await task();
        } finally {
          running--;
          next();
        }
      });
      next();
      return orAborted(turn, signal);
    },
  };
}
