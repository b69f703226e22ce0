/** The requests of a call, read from the wire one at a time, as they are asked for. */
export interface RequestReader {
  /** To be read once. Ends with the half-close; a call that is gone gives nothing more. */
  readonly messages: AsyncIterable<Uint8Array>;
  onMessage(message: Uint8Array): void;
  onEnd(): void;
}

/** @param startRead asks the wire for one message or the end, of which onMessage or onEnd then tells */
export function createRequestReader(startRead: () => void): RequestReader {
  let settle: ((result: IteratorResult<Uint8Array, undefined>) => void) | undefined;
  let ended = false;
  const messages: AsyncIterableIterator<Uint8Array, undefined> = {
    [Symbol.asyncIterator]: () => messages,
    next: () =>
      new Promise((resolve) => {
        if (ended) {
          resolve({ done: true, value: undefined });
          return;
        }
        settle = resolve;
        startRead();
      }),
  };
  return {
    messages,
    onMessage: (value) => settle?.({ done: false, value }),
    onEnd: () => {
      ended = true;
      settle?.({ done: true, value: undefined });
    },
  };
}
