import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Whether a serialized message has something in the field of that number. */
export function hasField(message: Uint8Array, number: number): boolean {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [found, type] = reader.tag();
    if (found !== number) reader.skip(type);
    else if (type !== WireType.LengthDelimited || reader.bytes().length > 0) return true;
  }
  return false;
}

/** A serialized message without the fields of those numbers. */
export function withoutFields(message: Uint8Array, numbers: ReadonlySet<number>): Uint8Array {
  if (numbers.size === 0) return message;
  const reader = new BinaryReader(message);
  const kept: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [found, type] = reader.tag();
    reader.skip(type);
    if (!numbers.has(found)) kept.push(message.subarray(start, reader.pos));
  }
  return Buffer.concat(kept);
}
