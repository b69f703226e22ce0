/** The part of a list that is asked for, in the list's order. */
export interface ListWindow {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly descending: boolean;
  readonly limit: number;
}

const LIMIT = 50;
const MOST = 1000;

/** Reads the parameters that all lists share: 50 where no limit is given, 1000 at most, newest first. */
export function listWindow(request: {
  readonly before: string;
  readonly after: string;
  readonly limit?: number | undefined;
  readonly order?: string | undefined;
}): ListWindow {
  return {
    before: request.before || undefined,
    after: request.after || undefined,
    descending: request.order !== 'asc',
    limit: Math.min(request.limit ?? LIMIT, MOST),
  };
}
