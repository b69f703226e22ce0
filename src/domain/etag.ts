import { FacetError } from './errors.js';

/** The etag of a record: the count of its client-visible writes. HTTP puts it in double quotes. */
export function etagOf(record: { readonly version: number }): string {
  return String(record.version);
}

/** What a write depends on: one of these etags, or that the record is there at all. Undefined: nothing. */
export type Precondition = readonly string[] | 'any' | undefined;

/** Throws ETAG_MISMATCH unless the record is in one of the versions that the write depends on. */
export function assertEtag(record: { readonly version: number }, precondition: Precondition): void {
  if (precondition === undefined || precondition === 'any' || precondition.includes(etagOf(record))) return;
  throw new FacetError('ETAG_MISMATCH');
}

/**
 * The etags of an If-Match header (RFC 9110 13.1.1), "any" for a bare `*`; undefined where the header is absent.
 * What is weak or is no etag is left out: it never matches.
 */
export function parseIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return undefined;
  const tags = header.split(',').map((part) => part.trim());
  if (tags.includes('*')) return 'any';
  return tags.filter((tag) => /^".*"$/s.test(tag)).map((tag) => tag.slice(1, -1));
}
