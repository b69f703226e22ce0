/** What a request asks for, both parts as they were sent. */
export interface Target {
  readonly path: string;
  /** Without its question mark; '' where there is none. */
  readonly query: string;
}

/** Splits a request target; undefined where it is no path (as in `OPTIONS *`). */
export function readTarget(url: string): Target | undefined {
  // Proxies send absolute addresses; only what follows the host counts.
  let text = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  if (text === '' || text.startsWith('?')) text = `/${text}`;
  if (!text.startsWith('/')) return undefined;
  if (/[^\0-\x7f]/.test(text)) text = encodeRawBytes(text);
  const mark = text.indexOf('?');
  return mark < 0 ? { path: text, query: '' } : { path: text.slice(0, mark), query: text.slice(mark + 1) };
}

// Node hands over bytes beyond ASCII as latin1 characters, one each.
function encodeRawBytes(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (char) => `%${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  );
}
