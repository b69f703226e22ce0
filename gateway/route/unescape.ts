/** Thrown where a path has a broken percent-escape, or one that is not UTF-8. */
export class MalformedEscape extends Error {}

const reserved = /%(?:2[1346789ABCF]|3[ABDF]|40|5[BD])/gi;

/** Decodes one segment as a whole: `%2F` becomes a slash of the value. */
export function unescapeSegment(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MalformedEscape(`malformed escape in "${text}"`);
  }
}

/** Decodes several segments joined by slashes; escapes of RFC 6570's reserved characters stay as written. */
export function unescapeSegments(text: string): string {
  if (!text.includes('%')) return text;
  let out = '';
  let from = 0;
  for (const match of text.matchAll(reserved)) {
    out += unescapeSegment(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return out + unescapeSegment(text.slice(from));
}
