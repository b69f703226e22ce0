import { isUtf8 } from 'node:buffer';
import { ScalarType } from '@bufbuild/protobuf';
import {
  MalformedMessage,
  readInteger,
  readSpan,
  readVarint32,
  readVarint64,
  type Source,
} from './wire-reader.js';

/** Reads a value off the wire and returns it as JSON text. */
export type ScalarPrinter = (source: Source) => string;

/** The printer of a scalar type: 64-bit integers are quoted, bytes padded base64, NaN and infinities names. */
export function scalarPrinter(type: ScalarType): ScalarPrinter {
  switch (type) {
    case ScalarType.STRING:
      return printString;
    case ScalarType.BYTES:
      return printBytes;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64: {
      const bare = bareInteger64(type);
      return (source) => `"${bare(source)}"`;
    }
    default:
      return bareScalarPrinter(type);
  }
}

/** The printer that `response_body` uses: as `scalarPrinter`, but 64-bit integers are numbers. */
export function bareScalarPrinter(type: ScalarType): ScalarPrinter {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return scalarPrinter(type);
    case ScalarType.BOOL:
      return (source) => (readInteger(source) === 0 ? 'false' : 'true');
    case ScalarType.DOUBLE:
      return (source) => doubleText(source.bytes.readDoubleLE(readSpan(source, 8)));
    case ScalarType.FLOAT:
      return (source) => floatText(source.bytes.readFloatLE(readSpan(source, 4)));
    case ScalarType.INT32:
      return (source) => String(readVarint32(source));
    case ScalarType.UINT32:
      return (source) => String(readVarint32(source) >>> 0);
    case ScalarType.SINT32:
      return (source) => String(unzigzag32(readVarint32(source)));
    case ScalarType.FIXED32:
      return (source) => String(source.bytes.readUInt32LE(readSpan(source, 4)));
    case ScalarType.SFIXED32:
      return (source) => String(source.bytes.readInt32LE(readSpan(source, 4)));
    default:
      return bareInteger64(type);
  }
}

function bareInteger64(type: ScalarType): ScalarPrinter {
  switch (type) {
    case ScalarType.INT64:
      return (source) => String(BigInt.asIntN(64, readVarint64(source)));
    case ScalarType.SINT64:
      return (source) => {
        const value = readVarint64(source);
        return String((value >> 1n) ^ -(value & 1n));
      };
    case ScalarType.FIXED64:
      return (source) => String(source.bytes.readBigUInt64LE(readSpan(source, 8)));
    case ScalarType.SFIXED64:
      return (source) => String(source.bytes.readBigInt64LE(readSpan(source, 8)));
    default:
      return (source) => String(readVarint64(source));
  }
}

function unzigzag32(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** Reads a string field. */
export function readString(source: Source): string {
  const size = readVarint32(source);
  return decodeText(source, readSpan(source, size));
}

/** The text from `start` to where the source stands. */
function decodeText(source: Source, start: number): string {
  const text = source.bytes.toString('utf8', start, source.at);
  if (text.includes('\ufffd') && !isUtf8(source.bytes.subarray(start, source.at))) {
    throw new MalformedMessage('a string is not valid UTF-8');
  }
  return text;
}

/** Reads a string field as JSON: one string has one form. */
export function printString(source: Source): string {
  const size = readVarint32(source);
  const start = readSpan(source, size);
  // Short, plain strings need neither decoding nor escaping.
  if (size <= 64 && isPlain(source.bytes, start, source.at)) {
    source.latin1 ??= source.bytes.toString('latin1');
    return `"${source.latin1.slice(start, source.at)}"`;
  }
  return JSON.stringify(decodeText(source, start));
}

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return false;
  }
  return true;
}

function printBytes(source: Source): string {
  const size = readVarint32(source);
  const start = readSpan(source, size);
  return `"${source.bytes.toString('base64', start, source.at)}"`;
}

/** A double as JSON: names in quotes for what JSON has no number for. */
export function doubleText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return `"${value}"`;
}

/** A single as JSON: the fewest digits that a single tells from its neighbours. */
function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return doubleText(value);
  let text = value;
  for (let digits = 1; digits <= 9; digits++) {
    text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) break;
  }
  return doubleText(text);
}

/** The JSON of a scalar's zero value. */
export function scalarZero(type: ScalarType): string {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return '""';
    case ScalarType.BOOL:
      return 'false';
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return '"0"';
    default:
      return '0';
  }
}
