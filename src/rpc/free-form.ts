import { isUtf8 } from 'node:buffer';
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

interface Scan {
  readonly reader: WireReader;
  readonly findings: Findings;
  /** Where the free-form field is: a path of 33 levels helps nobody. */
  readonly root: Place;
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
  const scan = { reader, findings, root: place };
  if (type === 'google.protobuf.Value') checkValue(scan, end, place, 0);
  else checkContainer(scan, type === 'google.protobuf.Struct', end, place, 1);
}

/** @param keyed whether it is an object and no array */
function checkContainer(scan: Scan, keyed: boolean, end: number, place: Place, level: number): void {
  const { reader, findings, root } = scan;
  if (level > DEEPEST) {
    findings.report(root, `must not be nested deeper than ${DEEPEST} levels`, 'free_form.depth');
    reader.pos = end;
    return;
  }
  for (let index = 0; reader.pos < end; ) {
    const tag = readUint32(reader, end);
    if (tag !== MEMBER_TAG) {
      if (tag >>> 3 <= 1) throw new MalformedMessageError('free-form JSON holds neither members nor items');
      skip(reader, tag & 7, end);
      continue;
    }
    const length = readLength(reader, end);
    const itemEnd = reader.pos + length;
    if (keyed) checkMember(scan, itemEnd, place, level);
    else checkValue(scan, itemEnd, { within: place, index: index++ }, level);
  }
}

function checkMember(scan: Scan, end: number, place: Place, level: number): void {
  const { reader, findings } = scan;
  let key = reader.bytes.subarray(0, 0);
  let value: { from: number; to: number } | undefined;
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
    else value = { from: reader.pos, to: reader.pos + length };
    reader.pos += length;
  }
  if (value === undefined) throw new MalformedMessageError('a member has no value');
  requireUtf8(key);
  const member = { within: place, key };
  findings.checkKey(member, key);
  reader.pos = value.from;
  checkValue(scan, value.to, member, level);
  reader.pos = end;
}

/** @param level of the container that the value is in */
function checkValue(scan: Scan, end: number, place: Place, level: number): void {
  const { reader, findings } = scan;
  const tag = reader.pos < end ? readUint32(reader, end) : 0;
  switch (tag) {
    case VALUE_TAGS.null:
    case VALUE_TAGS.bool:
      skip(reader, WIRE.varint, end);
      break;
    case VALUE_TAGS.number:
      skip(reader, WIRE.fixed64, end);
      if (!isFiniteDouble(reader.bytes, reader.pos - 8)) {
        findings.report(place, 'must be a finite number', 'free_form.finite');
      }
      break;
    case VALUE_TAGS.string: {
      const length = readLength(reader, end);
      const utf8 = reader.bytes.subarray(reader.pos, reader.pos + length);
      requireUtf8(utf8);
      findings.checkText(place, utf8);
      reader.pos += length;
      break;
    }
    case VALUE_TAGS.struct:
    case VALUE_TAGS.list: {
      const length = readLength(reader, end);
      checkContainer(scan, tag === VALUE_TAGS.struct, reader.pos + length, place, level + 1);
      break;
    }
    default:
      throw new MalformedMessageError('a value is of no kind');
  }
  if (reader.pos !== end) throw new MalformedMessageError('a value is of two kinds');
}

/** Elsewhere the decoder sees to it, but it steps over free-form JSON. */
function requireUtf8(text: Uint8Array): void {
  if (!isUtf8(text)) throw new MalformedMessageError('a text is not UTF-8');
}

/** Infinities and NaN have all bits of the exponent set. */
function isFiniteDouble(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 7]! & 0x7f) !== 0x7f || (bytes[at + 6]! & 0xf0) !== 0xf0;
}

const MEMBER_TAG = (1 << 3) | WIRE.delimited;
const VALUE_TAGS = {
  null: (1 << 3) | WIRE.varint,
  number: (2 << 3) | WIRE.fixed64,
  string: (3 << 3) | WIRE.delimited,
  bool: (4 << 3) | WIRE.varint,
  struct: (5 << 3) | WIRE.delimited,
  list: (6 << 3) | WIRE.delimited,
} as const;
