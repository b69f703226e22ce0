import { syntaxError, type TextCursor } from './cursor.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads the string at the cursor, which stands on its opening quote, and steps behind its closing one. */
export function parseString(cursor: TextCursor): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  const end = plainEnd(text, start);
  if (text.charCodeAt(end) === 0x22) {
    cursor.at = end + 1;
    return text.slice(start, end);
  }
  return parseEscaped(cursor, start, end);
}

/** Where the run of characters that stand for themselves ends. */
function plainEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    // NaN, at the end of the text, fails the first comparison.
    if (!(code >= 0x20) || code === 0x22 || code === 0x5c) return at;
    at++;
  }
}

function parseEscaped(cursor: TextCursor, start: number, firstStop: number): string {
  const { text } = cursor;
  let value = text.slice(start, firstStop);
  cursor.at = firstStop;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code === 0x22) {
      cursor.at++;
      return value;
    }
    if (code !== 0x5c) throw syntaxError(cursor, 'unescaped control character in a string');
    value += parseEscape(cursor);
    const from = cursor.at;
    cursor.at = plainEnd(text, from);
    value += text.slice(from, cursor.at);
  }
}

function parseEscape(cursor: TextCursor): string {
  const letter = cursor.text.charAt(cursor.at + 1);
  if (letter !== 'u') {
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined) throw syntaxError(cursor, 'unknown escape', cursor.at + 1);
    cursor.at += 2;
    return character;
  }
  const start = cursor.at;
  const unit = parseUnit(cursor);
  if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
  // A protobuf string is UTF-8, which has no form for half a pair.
  const low = unit < 0xdc00 && cursor.text.startsWith('\\u', cursor.at) ? parseUnit(cursor) : 0;
  if (low < 0xdc00 || low > 0xdfff) throw syntaxError(cursor, 'unpaired surrogate', start);
  return String.fromCharCode(unit, low);
}

/** Reads \uXXXX and steps behind it. */
function parseUnit(cursor: TextCursor): number {
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw syntaxError(cursor, 'bad \\u escape');
  cursor.at += 6;
  return Number.parseInt(digits, 16);
}
