/** What tells the time and waits, so that tests need not. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after that many milliseconds; the answer calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** A time as records and views carry it: RFC 3339 in UTC, with milliseconds. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
