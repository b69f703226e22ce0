/**
 * Reads a generator that waits on a signal so that it can be left at any time: `return` ends a read under
 * way, where a bare generator would first wait for it. The listeners on the outer signals go with its end.
 */
export function endable<T>(
  outer: readonly AbortSignal[],
  make: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterableIterator<T> {
  const inner = new AbortController();
  const generator = make(inner.signal);
  const aborts = outer.map((signal) => ({ signal, abort: () => inner.abort(signal.reason) }));
  let begun = false;
  let left = false;

  function listen(): void {
    begun = true;
    for (const { signal, abort } of aborts) {
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
    }
  }

  function release(): void {
    for (const { signal, abort } of aborts) signal.removeEventListener('abort', abort);
  }

  return {
    async next() {
      if (!begun) listen();
      try {
        const read = await generator.next();
        if (read.done) release();
        return read;
      } catch (error) {
        release();
        if (left) return { done: true, value: undefined };
        throw error;
      }
    },
    async return() {
      left = true;
      release();
      inner.abort();
      await generator.return().catch(() => undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
