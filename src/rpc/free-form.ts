import type { Findings, Place } from './findings.js';
import { MalformedMessageError, readLength, readUint32, skip, WIRE, type WireReader } from './wire-reader.js';

/** Levels of objects and arrays in free-form JSON, the outermost included. */
const DEEPEST = 32;

/** The messages of google/protobuf/struct.proto. */
export type FreeForm = 'google.protobuf.Struct' | 'google.protobuf.Value' | 'google.protobuf.ListValue';

export function isFreeForm(typeName: string): typeName is FreeForm {
  return (
    typeName === 'google.protobuf.Struct' ||
    typeName === 'google.protobuf.Value' ||
    typeName === 'google.protobuf.ListValue'
  );
}

/**
 * Reports what free-form JSON may not hold: nesting beyond 32 levels, numbers that are not finite, the key
 * `__proto__`, and NUL. Reads the bytes, since decoders have lost some of it already.
 */
export function checkFreeForm(
  type: FreeForm,
  reader: WireReader,
  end: number,
  place: Place,
  findings: Findings,
): void {
  if (type === 'google.protobuf.Value') checkValue(reader, end, place, place, 0, findings);
  else checkContainer(type, reader, end, place, place, 1, findings);
}

/** `root` is where the free-form field is: a path of 33 levels helps nobody. */
function checkContainer(
  type: FreeForm,
  reader: WireReader,
  end: number,
  place: Place,
  root: Place,
  level: number,
  findings: Findings,
): void {
  if (level > DEEPEST) {
    findings.report(root, `must not be nested deeper than ${DEEPEST} levels`, 'free_form.depth');
    reader.pos = end;
    return;
  }
  let index = 0;
  while (reader.pos < end) {
    const tag = readUint32(reader, end);
    if (tag >>> 3 !== 1) {
      if (tag >>> 3 === 0) throw new MalformedMessageError('field number 0');
      skip(reader, tag & 7, end);
      continue;
    }
    if ((tag & 7) !== WIRE.delimited) throw new MalformedMessageError('a field has the wrong wire type');
    const length = readLength(reader, end);
    const itemEnd = reader.pos + length;
    if (type === 'google.protobuf.Struct') checkEntry(reader, itemEnd, place, root, level, findings);
    else checkValue(reader, itemEnd, { within: place, index: index++ }, root, level, findings);
  }
}

function checkEntry(
  reader: WireReader,
  end: number,
  place: Place,
  root: Place,
  level: number,
  findings: Findings,
): void {
  let key = reader.bytes.subarray(0, 0);
  let value: number | undefined;
  let valueEnd = 0;
  for (let seen = 0; reader.pos < end; ) {
    const tag = readUint32(reader, end);
    const field = tag >>> 3;
    // Twice the same field of an entry is read in two ways by two decoders.
    if (tag !== ((field << 3) | WIRE.delimited) || field < 1 || field > 2 || (seen & field) !== 0) {
      throw new MalformedMessageError('a map entry is not a key and a value');
    }
    seen |= field;
    const length = readLength(reader, end);
    if (field === 1) key = reader.bytes.subarray(reader.pos, reader.pos + length);
    else [value, valueEnd] = [reader.pos, reader.pos + length];
    reader.pos += length;
  }
  const member = { within: place, key };
  findings.checkKey(member, key);
  if (value === undefined) throw new MalformedMessageError('a member has no value');
  checkValue({ bytes: reader.bytes, pos: value }, valueEnd, member, root, level, findings);
}

/** @param level of the container that the value is in */
function checkValue(
  reader: WireReader,
  end: number,
  place: Place,
  root: Place,
  level: number,
  findings: Findings,
): void {
  const tag = reader.pos < end ? readUint32(reader, end) : 0;
  const kind = tag >>> 3;
  if (tag !== ((kind << 3) | KIND_WIRE_TYPES[kind]!))
    throw new MalformedMessageError('a value is of no kind');
  if (kind === 2) {
    const { buffer, byteOffset } = reader.bytes;
    const number = reader.pos + 8 <= end ? new DataView(buffer).getFloat64(byteOffset + reader.pos, true) : 0;
    if (!Number.isFinite(number)) findings.report(place, 'must be a finite number', 'free_form.finite');
    skip(reader, WIRE.fixed64, end);
  } else if (kind === 3) {
    const length = readLength(reader, end);
    findings.checkText(place, reader.bytes.subarray(reader.pos, reader.pos + length));
    reader.pos += length;
  } else if (kind >= 5) {
    const length = readLength(reader, end);
    const type = kind === 5 ? 'google.protobuf.Struct' : 'google.protobuf.ListValue';
    checkContainer(type, reader, reader.pos + length, place, root, level + 1, findings);
  } else {
    skip(reader, WIRE.varint, end);
  }
  if (reader.pos !== end) throw new MalformedMessageError('a value is of two kinds');
}

/** By field number of google.protobuf.Value: null, number, string, bool, struct, list. Nothing else is a kind. */
const KIND_WIRE_TYPES = [
  -1,
  WIRE.varint,
  WIRE.fixed64,
  WIRE.delimited,
  WIRE.varint,
  WIRE.delimited,
  WIRE.delimited,
];
