import { BinaryReader } from '@bufbuild/protobuf/wire';

/** Whether a serialized message has the field of that number. */
export function hasField(message: Uint8Array, number: number): boolean {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [found, type] = reader.tag();
    if (found === number) return true;
    reader.skip(type);
  }
  return false;
}
