import type { JsonSchema } from './schema.js';

/** What rules come to: the keywords that say it, and sentence parts for what no keyword can say. */
export interface Constraint {
  readonly keywords: JsonSchema;
  readonly demands: readonly string[];
}

type Table = Readonly<Record<string, (value: never) => Constraint>>;

const say = (keywords: JsonSchema, ...demands: string[]): Constraint => ({ keywords, demands });
const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const format = (name: string) => () => say({ format: name });

// A character of a string takes one to four bytes.
const MOST_BYTES = 4;

const string: Table = {
  len: (count: bigint) => say({ minLength: Number(count), maxLength: Number(count) }),
  min_len: (count: bigint) => say({ minLength: Number(count) }),
  max_len: (count: bigint) => say({ maxLength: Number(count) }),
  len_bytes: (count: bigint) => say({ maxLength: Number(count) }, `must be ${count} bytes of UTF-8`),
  min_bytes: (count: bigint) =>
    say({ minLength: Math.ceil(Number(count) / MOST_BYTES) }, `must be at least ${count} bytes of UTF-8`),
  max_bytes: (count: bigint) => say({ maxLength: Number(count) }, `must be at most ${count} bytes of UTF-8`),
  pattern: (regex: string) => matching(regex),
  prefix: (text: string) => say({ pattern: `^${literally(text)}` }),
  suffix: (text: string) => say({ pattern: `${literally(text)}$` }),
  contains: (text: string) => say({ pattern: literally(text) }),
  not_contains: (text: string) => say({ not: { pattern: literally(text) } }),
  email: format('email'),
  hostname: format('hostname'),
  ip: () => say({ anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }),
  ipv4: format('ipv4'),
  ipv6: format('ipv6'),
  uri: format('uri'),
  uri_ref: format('uri-reference'),
  uuid: format('uuid'),
  tuuid: () => say({ pattern: '^[0-9a-fA-F]{32}$' }),
  ulid: () => say({ pattern: '^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$' }),
};

// Base64 takes four characters for three bytes; the padding may be left out.
const bytes: Table = {
  len: (count: bigint) => say(base64Length(count, count)),
  min_len: (count: bigint) => say(base64Length(count, undefined)),
  max_len: (count: bigint) => say(base64Length(undefined, count)),
};

const repeated: Table = {
  min_items: (count: bigint) => say({ minItems: Number(count) }),
  max_items: (count: bigint) => say({ maxItems: Number(count) }),
  unique: () => say({ uniqueItems: true }),
};

const map: Table = {
  min_pairs: (count: bigint) => say({ minProperties: Number(count) }),
  max_pairs: (count: bigint) => say({ maxProperties: Number(count) }),
};

const tables: Readonly<Record<string, Table>> = { string, bytes, repeated, map };

/** The keyword for a standard rule of buf.validate; undefined where none can say it. */
export function keywordFor(kind: string, rule: string, value: unknown): Constraint | undefined {
  return tables[kind]?.[rule]?.(value as never);
}

/** A pattern that JSON Schema can have too, or else a demand. */
export function matching(regex: string): Constraint {
  try {
    new RegExp(regex, 'u');
    return say({ pattern: regex });
  } catch {
    return say({}, `must match ${regex}`);
  }
}

function base64Length(least: bigint | undefined, most: bigint | undefined): JsonSchema {
  return {
    ...(least !== undefined && { minLength: Math.ceil((Number(least) * 4) / 3) }),
    ...(most !== undefined && { maxLength: Math.ceil(Number(most) / 3) * 4 }),
  };
}
