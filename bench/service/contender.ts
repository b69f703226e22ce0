/** What is done, by whoever takes part. */
export const OPERATIONS = ['create', 'get', 'list', 'update'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** How many records a page has. */
export const PAGE = 50;

/** Who does it: each call is one operation on one of its own records. */
export interface Contender {
  readonly name: string;
  readonly run: Readonly<Record<Operation, () => Promise<unknown>>>;
  close(): Promise<void>;
}

/** Takes turns through what has been made. */
export function inTurn<T>(all: readonly T[]): () => T {
  let next = 0;
  return () => all[next++ % all.length]!;
}

/** An identity's fields, as a create has them; each with names of its own. */
export function sampleIdentity(): {
  givenName: string;
  familyName: string;
  jobTitle: string;
  tags: string[];
} {
  const mark = Math.random().toString(36).slice(2);
  return { givenName: `Ada ${mark}`, familyName: 'Byron', jobTitle: 'Analyst', tags: ['bench', mark] };
}
