/** Answers of a look-up that are used again for a while. */
interface Entry<T> {
  readonly startedAt: number;
  readonly answer: Promise<T | undefined>;
}

export interface RecentOptions {
  /** How old an answer may be, counted from when its look-up began. */
  readonly maxAgeMs: number;
  /** Of found and of not found, each: a flood of what does not exist must not push out what does. */
  readonly maxEntries: number;
  /** Milliseconds that only grow, whatever the wall clock does. */
  readonly elapsed: () => number;
}

/** Remembers the answers of look-ups for a short while; one look-up serves all who ask meanwhile. */
export function createRecent<T>({
  maxAgeMs,
  maxEntries,
  elapsed,
}: RecentOptions): (key: string, lookUp: () => Promise<T | undefined>) => Promise<T | undefined> {
  const found = new Map<string, Entry<T>>();
  const missing = new Map<string, Entry<T>>();
  const pending = new Map<string, Entry<T>>();
  const fresh = (entry: Entry<T> | undefined) =>
    entry !== undefined && elapsed() - entry.startedAt < maxAgeMs;

  return (key, lookUp) => {
    const known = [found, missing, pending].map((entries) => entries.get(key)).find(fresh);
    if (known !== undefined) return known.answer;
    const entry: Entry<T> = { startedAt: elapsed(), answer: lookUp() };
    pending.set(key, entry);
    const settle = (into?: Map<string, Entry<T>>) => {
      if (pending.get(key) === entry) pending.delete(key);
      if (into !== undefined) keep(into, key, entry, maxEntries);
    };
    entry.answer.then(
      (answer) => {
        (answer === undefined ? found : missing).delete(key);
        settle(answer === undefined ? missing : found);
      },
      () => settle(),
    );
    return entry.answer;
  };
}

/** The oldest goes first: maps keep the order of insertion. */
function keep<T>(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>, most: number): void {
  entries.delete(key);
  entries.set(key, entry);
  if (entries.size > most) entries.delete(entries.keys().next().value!);
}
