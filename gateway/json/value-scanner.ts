import { JsonSyntaxError } from './cursor.js';

/** What a byte is to the values around it: in one, the first or last of one, or white space between two. */
export type Place = 'inside' | 'first' | 'last' | 'between';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Tells, byte by byte, where the values of a sequence begin and end, by quotes, brackets and white space alone:
 * whether they are JSON is for the parser to say. A bare word or number ends where something else begins.
 *
 * @throws JsonSyntaxError at the bracket that opens one level too many.
 */
export function createValueScanner(maxDepth: number): (byte: number) => Place {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  return (byte) => {
    if (quoted) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) quoted = false;
      return !quoted && depth === 0 ? 'last' : 'inside';
    }
    if (byte === QUOTE) {
      quoted = true;
      return depth === 0 ? 'first' : 'inside';
    }
    if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) throw new JsonSyntaxError('nested too deeply');
      return depth === 1 ? 'first' : 'inside';
    }
    if (byte === 0x7d || byte === 0x5d) {
      depth = Math.max(depth - 1, 0);
      return depth === 0 ? 'last' : 'inside';
    }
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    return isSpace && depth === 0 ? 'between' : 'inside';
  };
}
