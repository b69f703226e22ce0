/** What an answer must be. Of `is` and `has`, `$1` is the id of the first identity that was given, and so on. */
export interface Expected {
  readonly status: number;
  /** The whole body. */
  readonly is?: unknown;
  /** Members of the body that must be there just so. */
  readonly has?: Readonly<Record<string, unknown>>;
  /** The keys of the identities in a list, in its order. */
  readonly keys?: readonly string[];
  /** Of an error: what its text must tell, and what it must not. */
  readonly detail?: RegExp | string;
  readonly untold?: RegExp;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** A path below /v1/identities and a body, if any, in which `$1` is the id of the first identity that was given. */
export type Step = readonly [method: string, path: string, body: unknown, expected: Expected];

/** A request that the clients of agent platforms make, and what they expect of it. */
export interface Case {
  readonly number: number;
  readonly title: string;
  /** Identities that are made before. */
  readonly given?: readonly object[];
  readonly steps: readonly Step[];
}

export const ADA = { identifier_key: 'ada', name: 'Ada Byron', identity_type: 'user' };
export const PROPERTIES = [
  { key: 'age', value: 28, type: 'number' },
  { key: 'plan', value: 'pro', type: 'string' },
];
/** An id of the right form that nothing has. */
export const NOBODY = 'identity-00000000-0000-4000-8000-000000000000';
