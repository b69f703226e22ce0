import { syntaxError, type TextCursor } from './cursor.js';
import type { JsonNode } from './node.js';

/** Whether a character code is that of a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Reads the number at the cursor and steps behind it. */
export function parseNumber(cursor: TextCursor): JsonNode {
  const { text } = cursor;
  const start = cursor.at;
  if (text.charCodeAt(cursor.at) === 0x2d) cursor.at++;
  const first = cursor.at;
  if (text.charCodeAt(cursor.at) === 0x30) cursor.at++;
  else skipDigits(cursor);
  const integerEnd = cursor.at;
  if (text.charCodeAt(cursor.at) === 0x2e) {
    cursor.at++;
    skipDigits(cursor);
  }
  const exponent = text.charCodeAt(cursor.at);
  if (exponent === 0x65 || exponent === 0x45) {
    cursor.at++;
    const sign = text.charCodeAt(cursor.at);
    if (sign === 0x2b || sign === 0x2d) cursor.at++;
    skipDigits(cursor);
  }
  const written = text.slice(start, cursor.at);
  // Fifteen digits always fit a double; -0 is the one such integer that does not print as it was written.
  if (cursor.at === integerEnd && integerEnd - first <= 15 && written !== '-0') return Number(written);
  return { text: written };
}

function skipDigits(cursor: TextCursor): void {
  const { text } = cursor;
  let at = cursor.at;
  while (isDigit(text.charCodeAt(at))) at++;
  if (at === cursor.at) throw syntaxError(cursor, 'expected a digit');
  cursor.at = at;
}
