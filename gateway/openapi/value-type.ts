import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isNullValue } from '../json/enum-json.js';
import type { JsonSchema } from './schema.js';

/**
 * Where a value stands: in a body or as the whole of it, in an answer or as the whole of it (`response_body`), or
 * in a query or path.
 */
export type Place = 'body' | 'whole' | 'answer' | 'bare' | 'text';

/** Whether a place is in an answer. */
export function isAnswer(place: Place): boolean {
  return place === 'answer' || place === 'bare';
}

/** A type of single values: of a singular field, a list's elements, or a map's values. */
export type ValueType = Pick<DescField, 'scalar' | 'enum' | 'message'>;

const INTEGERS_64 = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);
const UNSIGNED = new Set([ScalarType.UINT32, ScalarType.FIXED32, ScalarType.UINT64, ScalarType.FIXED64]);
const MOST_UINT32 = 2 ** 32 - 1;

/**
 * The schema of a scalar by protobuf's JSON mapping: 64-bit integers are printed in quotes, bytes are base64.
 * In strict types numbers are never written in quotes, and are finite.
 */
export function scalarSchema(type: ScalarType, place: Place, strict: boolean, finite: boolean): JsonSchema {
  switch (type) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT: {
      const number = { type: 'number', format: type === ScalarType.FLOAT ? 'float' : 'double' };
      if (strict || finite || place === 'text') return number;
      return { anyOf: [number, { enum: ['NaN', 'Infinity', '-Infinity'] }] };
    }
    default:
      return INTEGERS_64.has(type) ? integer64(type, place, strict) : integer32(type);
  }
}

function integer32(type: ScalarType): JsonSchema {
  return UNSIGNED.has(type)
    ? { type: 'integer', minimum: 0, maximum: MOST_UINT32 }
    : { type: 'integer', format: 'int32' };
}

function integer64(type: ScalarType, place: Place, strict: boolean): JsonSchema {
  const unsigned = UNSIGNED.has(type);
  const format = unsigned ? 'uint64' : 'int64';
  const quoted = { pattern: unsigned ? '^[0-9]+$' : '^-?[0-9]+$' };
  const bare = unsigned ? { minimum: 0 } : {};
  if (place === 'answer') return { type: 'string', format, ...quoted };
  if (place !== 'bare' && place !== 'text' && !strict)
    return { type: ['integer', 'string'], format, ...bare, ...quoted };
  return { type: 'integer', format, ...bare };
}

/** The schema of a message type that has a JSON form of its own, but for wrappers; undefined for the others. */
export function wellKnownSchema(message: DescMessage, place: Place, strict: boolean): JsonSchema | undefined {
  switch (message.typeName) {
    case 'google.protobuf.Timestamp':
      return { type: 'string', format: 'date-time' };
    case 'google.protobuf.Duration':
      // In a query Go reads durations as it writes them itself: 1h30m.
      return place === 'text' && !strict
        ? { type: 'string' }
        : { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' };
    case 'google.protobuf.FieldMask':
      return { type: 'string' };
    case 'google.protobuf.Struct':
      return { type: 'object' };
    case 'google.protobuf.ListValue':
      return { type: 'array' };
    case 'google.protobuf.Value':
      return {};
    case 'google.protobuf.Empty':
      return isAnswer(place) ? { type: 'object', additionalProperties: false } : { type: 'object' };
    case 'google.protobuf.Any':
      return { type: 'object', properties: { '@type': { type: 'string' } } };
    default:
      return undefined;
  }
}

/** The schema of an enum: the names of its values. */
export function enumSchema(desc: DescEnum): JsonSchema {
  return isNullValue(desc) ? { type: 'null' } : { type: 'string', enum: desc.values.map(({ name }) => name) };
}

/** How a value written in a rule is spelled in JSON, in every way that it can be. */
export function spelling(type: ValueType, place: Place, strict: boolean): (value: unknown) => unknown[] {
  if (type.enum !== undefined) {
    const desc = type.enum;
    return (value) => [desc.value[value as number]?.name ?? value];
  }
  return (value) => {
    if (value instanceof Uint8Array) return [Buffer.from(value).toString('base64')];
    if (typeof value !== 'bigint') return [value];
    if (place === 'answer') return [String(value)];
    const inQuotes = !strict && (place === 'body' || place === 'whole');
    return inQuotes ? [Number(value), String(value)] : [Number(value)];
  };
}
