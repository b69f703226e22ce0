/** A body that is not JSON. The message says what was wrong and at which byte, never what stood there. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** A text being read, and how far. */
export interface TextCursor {
  readonly text: string;
  at: number;
  /** How many more containers may be opened. */
  room: number;
}

/** The error for what stands at the cursor, or `at`; its position counts bytes from 0. */
export function syntaxError(cursor: TextCursor, what: string, at = cursor.at): JsonSyntaxError {
  const reason = at >= cursor.text.length ? 'unexpected end of JSON' : what;
  return new JsonSyntaxError(`${reason} at byte ${Buffer.byteLength(cursor.text.slice(0, at))}`);
}

/** Steps over white space. */
export function skipSpace(cursor: TextCursor): void {
  const { text } = cursor;
  let at = cursor.at;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    at++;
  }
  cursor.at = at;
}
