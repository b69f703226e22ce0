import type { DescMessage } from '@bufbuild/protobuf';
import { type FreeFormOptions, writeList, writeStruct, writeValue } from './free-form.js';
import {
  FIRST_SECOND,
  LAST_SECOND,
  LONGEST_SECONDS,
  parseSpan,
  parseTime,
  type SecondsAndNanos,
} from './instant.js';
import { type Fault, type Findings, report } from './invalid-input.js';
import { parseMask } from './mask-text.js';
import type { JsonNode } from './node.js';
import { isFault, scalarReader } from './scalar-from-json.js';
import { isZero, scalarForm } from './scalar-wire.js';
import { type Sink, writeInt32, writeString, writeVarint32, writeVarint64 } from './wire-writer.js';

/** Writes the content of a message, without tag and length, from its JSON. Breaches go into `findings`. */
export type ContentWriter = (node: JsonNode, sink: Sink, findings: Findings) => void;

const mustBeTime: Fault = { rule: 'type', description: 'must be an RFC 3339 time' };
const timeOutOfRange: Fault = { rule: 'range', description: 'must be a time in the years 1 to 9999' };
const mustBeSpan: Fault = { rule: 'type', description: 'must be seconds such as "1.5s"' };
const spanOutOfRange: Fault = { rule: 'range', description: `must not be longer than ${LONGEST_SECONDS}s` };
const mustBeMask: Fault = {
  rule: 'type',
  description: 'must be field names in camelCase, separated by commas',
};

/** The writer of a type that has a JSON form of its own, but for Any and Empty; undefined for the others. */
export function wellKnownWriter(desc: DescMessage, options: FreeFormOptions): ContentWriter | undefined {
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return writeTimeNode;
    case 'google.protobuf.Duration':
      return writeSpanNode;
    case 'google.protobuf.FieldMask':
      return writeMaskNode;
    case 'google.protobuf.Struct':
      return (node, sink, findings) => writeStruct(node, sink, findings, options);
    case 'google.protobuf.ListValue':
      return (node, sink, findings) => writeList(node, sink, findings, options);
    case 'google.protobuf.Value':
      return (node, sink, findings) => writeValue(node, sink, findings, options);
    default:
      return isWrapper(desc) ? wrapperWriter(desc, options.strict) : undefined;
  }
}

/** Whether a message is a wrapper around a scalar, such as google.protobuf.StringValue. */
export function isWrapper(desc: DescMessage): boolean {
  return /^google\.protobuf\.(?:Double|Float|U?Int(?:32|64)|Bool|String|Bytes)Value$/.test(desc.typeName);
}

function wrapperWriter(desc: DescMessage, strict: boolean): ContentWriter {
  const { scalar } = desc.fields[0]!;
  if (scalar === undefined) throw new TypeError(`${desc.typeName} does not wrap a scalar`);
  const read = scalarReader(scalar, strict);
  const { wireType, write } = scalarForm(scalar);
  return (node, sink, findings) => {
    const value = read(node);
    if (isFault(value)) return report(findings, value);
    if (isZero(value)) return;
    writeVarint32(sink, 0x08 | wireType);
    write(sink, value);
  };
}

function writeTimeNode(node: JsonNode, sink: Sink, findings: Findings): void {
  const time = typeof node === 'string' ? parseTime(node, 9) : undefined;
  if (time === undefined) report(findings, mustBeTime);
  else if (!isTimeInRange(time)) report(findings, timeOutOfRange);
  else writeSeconds(time, sink);
}

/** Whether a Timestamp can hold an instant. */
export function isTimeInRange({ seconds }: SecondsAndNanos): boolean {
  return seconds >= FIRST_SECOND && seconds <= LAST_SECOND;
}

function writeSpanNode(node: JsonNode, sink: Sink, findings: Findings): void {
  const span = typeof node === 'string' ? parseSpan(node) : undefined;
  if (span === undefined) report(findings, mustBeSpan);
  else if (Math.abs(span.seconds) > LONGEST_SECONDS) report(findings, spanOutOfRange);
  else writeSeconds(span, sink);
}

function writeSeconds({ seconds, nanos }: SecondsAndNanos, sink: Sink): void {
  if (seconds !== 0) {
    writeVarint32(sink, 0x08);
    writeVarint64(sink, BigInt(seconds));
  }
  if (nanos !== 0) {
    writeVarint32(sink, 0x10);
    writeInt32(sink, nanos);
  }
}

function writeMaskNode(node: JsonNode, sink: Sink, findings: Findings): void {
  const paths = typeof node === 'string' ? parseMask(node) : undefined;
  if (paths === undefined) report(findings, mustBeMask);
  else writePaths(paths, sink);
}

/** Writes the content of a google.protobuf.FieldMask. */
export function writePaths(paths: readonly string[], sink: Sink): void {
  for (const path of paths) {
    writeVarint32(sink, 0x0a);
    writeString(sink, path);
  }
}
