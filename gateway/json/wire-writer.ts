/** Protobuf bytes being written. `bytes` is replaced when it grows. */
export interface Sink {
  bytes: Buffer;
  length: number;
}

const SCRATCH_BYTES = 16_384;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** A sink on shared memory: take its bytes before another one is opened. */
export function openSink(): Sink {
  return { bytes: scratch, length: 0 };
}

/** A copy of what was written. */
export function takeBytes(sink: Sink): Uint8Array {
  // From Node's pool, which takes a quarter of the time that memory of its own would.
  const taken = Buffer.allocUnsafe(sink.length);
  sink.bytes.copy(taken, 0, 0, sink.length);
  return taken;
}

function reserve(sink: Sink, bytes: number): void {
  const needed = sink.length + bytes;
  if (needed <= sink.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, sink.bytes.length * 2));
  sink.bytes.copy(grown, 0, 0, sink.length);
  sink.bytes = grown;
}

/** The tag of a field: its number and wire type. */
export function tagOf(field: { readonly number: number }, wireType: number): number {
  return ((field.number << 3) | wireType) >>> 0;
}

/** Writes an unsigned 32-bit varint. */
export function writeVarint32(sink: Sink, value: number): void {
  reserve(sink, 5);
  const { bytes } = sink;
  let at = sink.length;
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  sink.length = at;
}

/** Writes a varint of 64 bits; a negative value in two's complement. */
export function writeVarint64(sink: Sink, value: bigint): void {
  if (value >= 0n && value <= 0xffff_ffffn) {
    writeVarint32(sink, Number(value));
    return;
  }
  reserve(sink, 10);
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    sink.bytes[sink.length++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  sink.bytes[sink.length++] = Number(rest);
}

/** Writes an int32, which protobuf extends to 64 bits where it is negative. */
export function writeInt32(sink: Sink, value: number): void {
  if (value >= 0) writeVarint32(sink, value);
  else writeVarint64(sink, BigInt(value));
}

/** Writes four bytes, little-endian. */
export function writeFixed32(sink: Sink, value: number): void {
  reserve(sink, 4);
  sink.length = sink.bytes.writeUInt32LE(value >>> 0, sink.length);
}

/** Writes eight bytes, little-endian. */
export function writeFixed64(sink: Sink, value: bigint): void {
  reserve(sink, 8);
  sink.length = sink.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), sink.length);
}

/** Writes an IEEE 754 single. */
export function writeFloat(sink: Sink, value: number): void {
  reserve(sink, 4);
  sink.length = sink.bytes.writeFloatLE(value, sink.length);
}

/** Writes an IEEE 754 double. */
export function writeDouble(sink: Sink, value: number): void {
  reserve(sink, 8);
  sink.length = sink.bytes.writeDoubleLE(value, sink.length);
}

/** Writes bytes with their length before them. */
export function writeBytes(sink: Sink, value: Uint8Array): void {
  writeVarint32(sink, value.length);
  writeRaw(sink, value);
}

/** Writes bytes as they are. */
export function writeRaw(sink: Sink, value: Uint8Array): void {
  reserve(sink, value.length);
  sink.bytes.set(value, sink.length);
  sink.length += value.length;
}

/** Writes a string as UTF-8 with its length before it. */
export function writeString(sink: Sink, value: string): void {
  if (value.length < 64 && writeAscii(sink, value)) return;
  const size = Buffer.byteLength(value);
  writeVarint32(sink, size);
  reserve(sink, size);
  sink.bytes.write(value, sink.length, 'utf8');
  sink.length += size;
}

/** Most strings are short and plain: a loop beats two calls out of JavaScript. */
function writeAscii(sink: Sink, value: string): boolean {
  const size = value.length;
  reserve(sink, size + 1);
  const { bytes } = sink;
  let at = sink.length;
  bytes[at++] = size;
  for (let i = 0; i < size; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return false;
    bytes[at++] = code;
  }
  sink.length = at;
  return true;
}

/** Begins something that carries its length, and returns what `endLength` needs. */
export function beginLength(sink: Sink): number {
  reserve(sink, 1);
  return ++sink.length;
}

/** Writes the length before what was written since `beginLength`. */
export function endLength(sink: Sink, start: number): void {
  const size = sink.length - start;
  if (size <= 0x7f) {
    sink.bytes[start - 1] = size;
    return;
  }
  // One byte was kept free; a longer length moves the content up.
  const extra = size < 0x4000 ? 1 : size < 0x20_0000 ? 2 : size < 0x1000_0000 ? 3 : 4;
  reserve(sink, extra);
  sink.bytes.copyWithin(start + extra, start, sink.length);
  const end = sink.length + extra;
  sink.length = start - 1;
  writeVarint32(sink, size);
  sink.length = end;
}
