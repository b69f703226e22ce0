import type { DescMessage } from '@bufbuild/protobuf';
import { printList, printStruct, printValue } from './free-form-print.js';
import { FIRST_SECOND, LAST_SECOND, LONGEST_SECONDS, printSpan, printTime } from './instant.js';
import { printMask } from './mask-text.js';
import { readString, scalarPrinter, scalarZero } from './scalar-to-json.js';
import { scalarForm } from './scalar-wire.js';
import { isWrapper } from './well-known-from-json.js';
import {
  MalformedMessage,
  readInteger,
  readTag,
  readVarint32,
  type Source,
  skipField,
} from './wire-reader.js';

/** Prints the message that lies from `at` to `end` of a source. */
export type ContentPrinter = (source: Source, depth: number) => string;

const LARGEST_NANOS = 999_999_999;

/** The printer of a type that has a JSON form of its own, but for Any and Empty; undefined for the others. */
export function wellKnownPrinter(desc: DescMessage): ContentPrinter | undefined {
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return printTimestamp;
    case 'google.protobuf.Duration':
      return printDuration;
    case 'google.protobuf.FieldMask':
      return printFieldMask;
    case 'google.protobuf.Struct':
      return printStruct;
    case 'google.protobuf.ListValue':
      return printList;
    case 'google.protobuf.Value':
      return printValue;
    default:
      return isWrapper(desc) ? wrapperPrinter(desc) : undefined;
  }
}

function wrapperPrinter(desc: DescMessage): ContentPrinter {
  const scalar = desc.fields[0]!.scalar!;
  const print = scalarPrinter(scalar);
  const tag = 0x08 | scalarForm(scalar).wireType;
  const zero = scalarZero(scalar);
  return (source) => {
    let text = zero;
    while (source.at < source.end) {
      const found = readTag(source);
      if (found === tag) text = print(source);
      else skipField(source, found);
    }
    return text;
  };
}

function readSeconds(source: Source): { seconds: number; nanos: number } {
  let seconds = 0;
  let nanos = 0;
  while (source.at < source.end) {
    const tag = readTag(source);
    if (tag === 0x08) seconds = readInteger(source);
    else if (tag === 0x10) nanos = readVarint32(source);
    else skipField(source, tag);
  }
  return { seconds, nanos };
}

function printTimestamp(source: Source): string {
  const time = readSeconds(source);
  const { seconds, nanos } = time;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > LARGEST_NANOS) {
    throw new MalformedMessage('a google.protobuf.Timestamp is out of range');
  }
  return `"${printTime(time)}"`;
}

function printDuration(source: Source): string {
  const span = readSeconds(source);
  const { seconds, nanos } = span;
  const mixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
  if (Math.abs(seconds) > LONGEST_SECONDS || Math.abs(nanos) > LARGEST_NANOS || mixed) {
    throw new MalformedMessage('a google.protobuf.Duration is out of range');
  }
  return `"${printSpan(span)}"`;
}

function printFieldMask(source: Source): string {
  const paths: string[] = [];
  while (source.at < source.end) {
    const tag = readTag(source);
    if (tag === 0x0a) paths.push(readString(source));
    else skipField(source, tag);
  }
  const text = printMask(paths);
  if (text === undefined)
    throw new MalformedMessage('a google.protobuf.FieldMask has a path without a JSON form');
  return `"${text}"`;
}
