import { isUtf8 } from 'node:buffer';

/** One parameter name and all its values, in the order they came. */
export type QueryValues = Map<string, string[]>;

/** Why a query string cannot be read. */
export interface QueryFault {
  readonly fault: string;
}

/**
 * Splits a raw query string, or a form body, at `&` and `=` and decodes both sides: `+` is a space and %XX a byte.
 * As in Go, a semicolon is refused; so are bad escapes and bytes that are not UTF-8.
 */
export function parseQueryString(raw: string): QueryValues | QueryFault {
  const values: QueryValues = new Map();
  for (const part of raw.split('&')) {
    if (part === '') continue;
    if (part.includes(';')) return { fault: 'a semicolon in the query must be written %3B' };
    const equals = part.indexOf('=');
    const name = decodePart(equals < 0 ? part : part.slice(0, equals));
    const value = decodePart(equals < 0 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) return { fault: 'a bad escape in the query' };
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

function decodePart(part: string): string | undefined {
  if (/^[\w.~-]*$/.test(part)) return part;
  if (/%(?![0-9a-fA-F]{2})/.test(part)) return undefined;
  const spaced = part.replaceAll('+', ' ');
  // Node gives the request line as Latin-1, so a raw byte is one character.
  const latin1 = spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const bytes = /[^\x00-\xff]/.test(latin1) ? undefined : Buffer.from(latin1, 'latin1');
  return bytes !== undefined && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}
