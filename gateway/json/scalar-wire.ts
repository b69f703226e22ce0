import { ScalarType } from '@bufbuild/protobuf';
import {
  type Sink,
  writeBytes,
  writeDouble,
  writeFixed32,
  writeFixed64,
  writeFloat,
  writeInt32,
  writeString,
  writeVarint32,
  writeVarint64,
} from './wire-writer.js';

/** A value of a scalar field: 64-bit integers are bigints, other numbers numbers. */
export type ScalarValue = number | bigint | boolean | string | Uint8Array;

/** The wire types that fields have: varint, 64 bits, length-delimited, 32 bits. */
export type WireType = 0 | 1 | 2 | 5;

/** How a scalar type looks on the wire. `write` takes a value of the type, unchecked. */
export interface ScalarForm {
  readonly wireType: WireType;
  write(sink: Sink, value: ScalarValue): void;
}

function form<T extends ScalarValue>(wireType: WireType, write: (sink: Sink, value: T) => void): ScalarForm {
  return { wireType, write: write as ScalarForm['write'] };
}

const FORMS: Readonly<Record<ScalarType, ScalarForm>> = {
  [ScalarType.DOUBLE]: form(1, writeDouble),
  [ScalarType.FLOAT]: form(5, writeFloat),
  [ScalarType.INT64]: form(0, writeVarint64),
  [ScalarType.UINT64]: form(0, writeVarint64),
  [ScalarType.INT32]: form(0, writeInt32),
  [ScalarType.FIXED64]: form(1, writeFixed64),
  [ScalarType.FIXED32]: form(5, writeFixed32),
  [ScalarType.BOOL]: form(0, (sink, value: boolean) => writeVarint32(sink, value ? 1 : 0)),
  [ScalarType.STRING]: form(2, writeString),
  [ScalarType.BYTES]: form(2, writeBytes),
  [ScalarType.UINT32]: form(0, writeVarint32),
  [ScalarType.SFIXED32]: form(5, writeFixed32),
  [ScalarType.SFIXED64]: form(1, writeFixed64),
  [ScalarType.SINT32]: form(0, (sink, value: number) => writeVarint32(sink, (value << 1) ^ (value >> 31))),
  [ScalarType.SINT64]: form(0, (sink, value: bigint) => writeVarint64(sink, (value << 1n) ^ (value >> 63n))),
};

/** The wire form of enum values. */
export const enumForm: ScalarForm = form(0, writeInt32);

/** The wire form of a scalar type. */
export function scalarForm(type: ScalarType): ScalarForm {
  return FORMS[type];
}

/** Whether a value is the one that an unset field has; -0 is not. */
export function isZero(value: ScalarValue): boolean {
  if (typeof value === 'object') return value.length === 0;
  return Object.is(value, 0) || value === 0n || value === false || value === '';
}
