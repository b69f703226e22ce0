/** Bytes that are not the message they should be, or that JSON has no form for. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** Protobuf bytes being read: the rest of the present message lies from `at` to `end`. */
export interface Source {
  readonly bytes: Buffer;
  /** The bytes as Latin-1, made when first asked for: a part of it costs a fraction of a call of Buffer's. */
  latin1?: string;
  at: number;
  end: number;
}

/** A source at the beginning of a message. */
export function openSource(message: Uint8Array): Source {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  return { bytes, at: 0, end: bytes.length };
}

function truncated(): MalformedMessage {
  return new MalformedMessage('the message is truncated');
}

/** Reads a varint and keeps its low 32 bits, signed. */
export function readVarint32(source: Source): number {
  const { bytes } = source;
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (source.at >= source.end) throw truncated();
    const byte = bytes[source.at++]!;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new MalformedMessage('a varint is longer than ten bytes');
}

/** Reads a varint of 64 bits, unsigned. */
export function readVarint64(source: Source): bigint {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (source.at >= source.end) throw truncated();
    const byte = source.bytes[source.at++]!;
    const part = byte & 0x7f;
    if (shift < 28) low |= part << shift;
    else if (shift === 28) {
      low |= part << 28;
      high = part >> 4;
    } else high |= part << (shift - 32);
    if (byte < 0x80) {
      if (high === 0) return BigInt(low >>> 0);
      return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    }
  }
  throw new MalformedMessage('a varint is longer than ten bytes');
}

/** Most integers end within so many bytes, which a number holds exactly. */
const SHORT_VARINT = 7;

/** Reads a varint of 64 bits, signed, as the nearest number. */
export function readInteger(source: Source): number {
  const { bytes, at } = source;
  const end = Math.min(source.end, at + SHORT_VARINT);
  let value = 0;
  let scale = 1;
  for (let next = at; next < end; next++, scale *= 128) {
    const byte = bytes[next]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      source.at = next + 1;
      return value;
    }
  }
  return Number(BigInt.asIntN(64, readVarint64(source)));
}

/** Steps over `size` bytes and returns where they begin. */
export function readSpan(source: Source, size: number): number {
  const start = source.at;
  if (size < 0 || size > source.end - start) throw truncated();
  source.at = start + size;
  return start;
}

/** Steps over a field that is not known, behind its tag. A group is skipped with all it holds. */
export function skipField(source: Source, tag: number, depth = 0): void {
  switch (tag & 7) {
    case 0:
      readVarint32(source);
      return;
    case 1:
      readSpan(source, 8);
      return;
    case 2:
      readSpan(source, readVarint32(source));
      return;
    case 5:
      readSpan(source, 4);
      return;
    case 3:
      if (depth > 64) throw new MalformedMessage('groups are nested too deeply');
      for (;;) {
        const inner = readTag(source);
        // The group's own number with wire type 4 ends it.
        if (inner === tag + 1) return;
        skipField(source, inner, depth + 1);
      }
    default:
      throw new MalformedMessage('the message has an unknown wire type');
  }
}

/** Reads a field's tag. */
export function readTag(source: Source): number {
  return readVarint32(source) >>> 0;
}

/** Reads a length and narrows the source to what lies within it; returns what `leave` needs. */
export function enter(source: Source): number {
  const { end } = source;
  const start = readSpan(source, readVarint32(source));
  source.end = source.at;
  source.at = start;
  return end;
}

/** Widens the source again to the message around, behind the part that was entered. */
export function leave(source: Source, end: number): void {
  source.at = source.end;
  source.end = end;
}

// A Struct takes three messages a level; far below what the call stack holds.
const MOST_DEPTH = 200;

/** One level further down. */
export function deeper(depth: number): number {
  if (depth >= MOST_DEPTH) throw new MalformedMessage('the message is nested too deeply');
  return depth + 1;
}
