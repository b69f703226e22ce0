import { invalid } from '../errors.js';
import { isObject, type Json } from './json.js';

/** A place in a JSON document: RFC 6901, taken apart. Empty for the whole document. */
export type Tokens = readonly string[];

/** Takes a JSON Pointer apart. Throws INVALID_INPUT at `field` for what is none. */
export function parsePointer(pointer: string, field: string): Tokens {
  if (pointer !== '' && !pointer.startsWith('/')) throw fault(field, 'must be empty or begin with "/"');
  if (/~(?![01])/.test(pointer)) throw fault(field, 'has a "~" that is neither ~0 nor ~1');
  const tokens = pointer.split('/').slice(1);
  const decoded = tokens.map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'));
  // It would be no member but the object's kind.
  if (decoded.includes('__proto__')) throw fault(field, 'must not name "__proto__"');
  return decoded;
}

/** The value at a place. Throws INVALID_INPUT at `field` where there is none. */
export function valueAt(document: Json, tokens: Tokens, field: string): Json {
  return tokens.reduce((value, token) => child(value, token, field), document);
}

/** The value directly below another. Throws INVALID_INPUT at `field` where there is none. */
export function child(value: Json, token: string, field: string): Json {
  if (Array.isArray(value)) return value[indexOf(token, value.length - 1, field)]!;
  if (isObject(value) && Object.hasOwn(value, token)) return value[token]!;
  throw fault(field, 'names what is not there');
}

/** Reads an index of a list: digits without leading zeros, up to `last`. */
export function indexOf(token: string, last: number, field: string): number {
  const index = /^(?:0|[1-9][0-9]{0,9})$/.test(token) ? Number(token) : Number.NaN;
  if (Number.isNaN(index)) throw fault(field, 'names an element by something that is no index');
  if (index > last) throw fault(field, 'names an element that is not there');
  return index;
}

function fault(field: string, description: string) {
  return invalid({ field, description, rule: 'patch.pointer' });
}
