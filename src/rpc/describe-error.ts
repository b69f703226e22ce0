/** Causes of causes beyond this tell nothing more. */
const DEEPEST_CAUSE = 4;
const LONGEST_TEXT = 2000;

/** An error as it is logged: no more of it than this, since drivers hang documents and queries on theirs. */
export interface DescribedError {
  readonly name: string;
  readonly message: string;
  /** As `ECONNREFUSED`, or a driver's number. */
  readonly errorCode?: string | number;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** What of an error may be logged: its texts without keys, tokens and passwords of URLs, and its causes. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) {
    return { name: typeof error, message: typeof error === 'string' ? withoutSecrets(error) : '' };
  }
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { errorCode: code }),
    ...(error.stack !== undefined && { stack: withoutSecrets(error.stack) }),
    ...(error.cause !== undefined &&
      depth < DEEPEST_CAUSE && { cause: describeError(error.cause, depth + 1) }),
  };
}

function withoutSecrets(text: string): string {
  return text
    .replace(/\bBearer\s+\S+/gi, 'Bearer ***')
    .replace(/\bfacet_([a-z]+)_[\w-]{20,}/g, 'facet_$1_***')
    .replace(/:\/\/[^\s/@]+@/g, '://***@')
    .slice(0, LONGEST_TEXT);
}
