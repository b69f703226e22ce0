/** The bytes are no well-formed protobuf message, or not in the form that every decoder reads alike. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/** Wire types of the protobuf encoding; groups are refused. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/**
 * Reads records off serialized protobuf strictly: nothing overlong, nothing beyond its parent, no groups.
 * The decoders are laxer, and each in its own way; what passes here they read alike.
 */
export interface WireReader {
  readonly bytes: Uint8Array;
  pos: number;
}

/** An unsigned varint of at most 32 bits: a tag or a length. */
export function readUint32(reader: WireReader, end: number): number {
  const { bytes } = reader;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (reader.pos >= end) throw new MalformedMessageError('a varint is cut off');
    const byte = bytes[reader.pos++]!;
    if (shift === 28 && byte > 0x0f) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new MalformedMessageError('a tag or length has more than 32 bits');
}

/** The length of a delimited value, which ends within its parent. */
export function readLength(reader: WireReader, end: number): number {
  const length = readUint32(reader, end);
  if (length > end - reader.pos) throw new MalformedMessageError('a value is longer than its message');
  return length;
}

/** A signed 64-bit varint. */
export function readInt64(reader: WireReader, end: number): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (reader.pos >= end) break;
    const byte = reader.bytes[reader.pos++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, value);
  }
  throw new MalformedMessageError('a varint is cut off or too long');
}

/** Steps over the value of a record. */
export function skip(reader: WireReader, wireType: number, end: number): void {
  if (wireType === WIRE.varint) {
    const limit = Math.min(end, reader.pos + 10);
    while (reader.pos < limit) if (reader.bytes[reader.pos++]! < 0x80) return;
    throw new MalformedMessageError('a varint is cut off or too long');
  }
  if (wireType === WIRE.delimited) {
    const length = readLength(reader, end);
    reader.pos += length;
  } else if (wireType === WIRE.fixed64) reader.pos += 8;
  else if (wireType === WIRE.fixed32) reader.pos += 4;
  else throw new MalformedMessageError('unknown wire type');
  if (reader.pos > end) throw new MalformedMessageError('a value is cut off');
}

/** How many varints are packed between here and the end, which one of them must reach exactly. */
export function countPackedVarints(reader: WireReader, end: number): number {
  let count = 0;
  while (reader.pos < end) {
    skip(reader, WIRE.varint, end);
    count++;
  }
  return count;
}
