import { FacetError } from './errors.js';

/** The etag of a record: the count of its client-visible writes. HTTP puts it in double quotes. */
export function etagOf(record: { readonly version: number }): string {
  return String(record.version);
}

/** What a write depends on: one of these etags, or any where "*" is among them. Undefined: nothing. */
export type Precondition = readonly string[] | undefined;

/** Throws ETAG_MISMATCH unless the record is in one of the versions that the write depends on. */
export function assertEtag(record: { readonly version: number }, precondition: Precondition): void {
  if (precondition === undefined || precondition.includes('*') || precondition.includes(etagOf(record)))
    return;
  throw new FacetError('ETAG_MISMATCH');
}

/** The etags of an If-Match header (RFC 9110 13.1.1); undefined where the header is absent. A weak one never matches. */
export function parseIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return undefined;
  return header.split(',').map((part) => {
    const tag = part.trim();
    return tag.length >= 2 && tag.startsWith('"') && tag.endsWith('"')
      ? tag.slice(1, -1)
      : tag === '*'
        ? '*'
        : `not strong: ${tag}`;
  });
}
