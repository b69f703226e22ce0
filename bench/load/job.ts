/** What a generator is to do: ask over so many connections at once, each for one thing at a time, for so long. */
export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** Whole requests as text; taken in turns. */
  readonly requests: readonly string[];
}

/** What came of it. Times are in milliseconds. */
export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Bytes of the last body. */
  readonly bodyBytes: number;
}
