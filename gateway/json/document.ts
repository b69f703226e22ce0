import { isUtf8 } from 'node:buffer';
import { JsonSyntaxError, skipSpace, syntaxError, type TextCursor } from './cursor.js';
import type { JsonNode } from './node.js';
import { parseValue } from './parse-value.js';

/** What a body may be. */
export interface JsonLimits {
  /** How many arrays and objects may be nested in one another. */
  readonly maxDepth: number;
  /** What becomes of anything but white space after the first value. */
  readonly trailing: 'refuse' | 'ignore';
}

/**
 * Parses one JSON value (RFC 8259) from UTF-8, keeping numbers, order and duplicate keys.
 * Undefined stands for an empty body or one of white space only.
 *
 * @throws JsonSyntaxError for anything that is not JSON: invalid UTF-8, a byte order mark, a raw control
 * character, an unpaired surrogate, nesting beyond `maxDepth`, or data after the value where that is refused.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): JsonNode | undefined {
  if (!isUtf8(bytes)) throw new JsonSyntaxError('the body is not valid UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const cursor: TextCursor = { text, at: 0, room: limits.maxDepth };
  skipSpace(cursor);
  if (cursor.at === text.length) return undefined;
  const node = parseValue(cursor);
  if (limits.trailing === 'refuse') {
    skipSpace(cursor);
    if (cursor.at < text.length) throw syntaxError(cursor, 'unexpected data after the JSON value');
  }
  return node;
}
