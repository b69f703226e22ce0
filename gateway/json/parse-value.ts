import { skipSpace, syntaxError, type TextCursor } from './cursor.js';
import type { JsonNode } from './node.js';
import { isDigit, parseNumber } from './parse-number.js';
import { parseString } from './parse-string.js';

/** Reads the value at the cursor, which stands on its first character. */
export function parseValue(cursor: TextCursor): JsonNode {
  const code = cursor.text.charCodeAt(cursor.at);
  switch (code) {
    case 0x22:
      return parseString(cursor);
    case 0x7b:
      return parseObject(cursor);
    case 0x5b:
      return parseArray(cursor);
    case 0x74:
      return parseWord(cursor, 'true', true);
    case 0x66:
      return parseWord(cursor, 'false', false);
    case 0x6e:
      return parseWord(cursor, 'null', null);
    default:
      if (code === 0x2d || isDigit(code)) return parseNumber(cursor);
      throw syntaxError(cursor, 'unexpected character');
  }
}

function parseWord<T>(cursor: TextCursor, word: string, value: T): T {
  if (!cursor.text.startsWith(word, cursor.at)) throw syntaxError(cursor, 'unexpected character');
  cursor.at += word.length;
  return value;
}

function open(cursor: TextCursor): void {
  if (cursor.room-- <= 0) throw syntaxError(cursor, 'nested too deeply');
  cursor.at++;
  skipSpace(cursor);
}

function close(cursor: TextCursor): void {
  cursor.room++;
  cursor.at++;
}

/** Steps over what follows a member: true where another one comes, false where the container ends. */
function another(cursor: TextCursor, end: number): boolean {
  skipSpace(cursor);
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 0x2c) {
    cursor.at++;
    skipSpace(cursor);
    return true;
  }
  if (code !== end) throw syntaxError(cursor, 'expected a comma or the end of the list');
  return false;
}

function parseArray(cursor: TextCursor): JsonNode {
  const items: JsonNode[] = [];
  open(cursor);
  if (cursor.text.charCodeAt(cursor.at) !== 0x5d) {
    do items.push(parseValue(cursor));
    while (another(cursor, 0x5d));
  }
  close(cursor);
  return items;
}

function parseObject(cursor: TextCursor): JsonNode {
  const names: string[] = [];
  const values: JsonNode[] = [];
  open(cursor);
  if (cursor.text.charCodeAt(cursor.at) !== 0x7d) {
    do {
      if (cursor.text.charCodeAt(cursor.at) !== 0x22) throw syntaxError(cursor, 'expected a quoted name');
      names.push(parseString(cursor));
      skipSpace(cursor);
      if (cursor.text.charCodeAt(cursor.at) !== 0x3a) throw syntaxError(cursor, 'expected a colon');
      cursor.at++;
      skipSpace(cursor);
      values.push(parseValue(cursor));
    } while (another(cursor, 0x7d));
  }
  close(cursor);
  return { names, values };
}
