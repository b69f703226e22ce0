const PAGE_SIZE = 250;
const LONGEST_PAGE = 500;

/** Query parameters in their order; those without a value are left out. */
export type Parameters = readonly (readonly [name: string, value: string | undefined])[];

/** How many of a list one page has: 250 where nothing is said, 500 at most. */
export function pageSize(asked: number): number {
  return Math.min(asked || PAGE_SIZE, LONGEST_PAGE);
}

/**
 * A Link header (RFC 8288) with the first page and the next one, relative to what was asked.
 *
 * @param first a token for the first page, where one is needed
 * @param next a token for the next page; undefined at the end
 */
export function linkHeader(
  parameters: Parameters,
  first: string | undefined,
  next: string | undefined,
): string {
  const link = (token: string | undefined, rel: string) => {
    const query = new URLSearchParams();
    for (const [name, value] of [...parameters, ['page_token', token] as const])
      if (value) query.append(name, value);
    return `<?${query}>; rel="${rel}"`;
  };
  return next === undefined ? link(first, 'first') : `${link(first, 'first')}, ${link(next, 'next')}`;
}
