import { doubleText, printString } from './scalar-to-json.js';
import {
  deeper,
  enter,
  leave,
  MalformedMessage,
  readInteger,
  readSpan,
  readTag,
  readVarint32,
  type Source,
  skipField,
} from './wire-reader.js';

/** Prints the google.protobuf.Struct that lies from `at` to `end`. Of members with one name the last one holds. */
export function printStruct(source: Source, depth: number): string {
  const members = new Map<string, string>();
  while (source.at < source.end) {
    const tag = readTag(source);
    if (tag === 0x0a) readMember(source, deeper(depth), members);
    else skipField(source, tag);
  }
  let text = '';
  for (const [name, value] of members) text += `${text === '' ? '' : ','}${name}:${value}`;
  return `{${text}}`;
}

function readMember(source: Source, depth: number, members: Map<string, string>): void {
  const end = enter(source);
  let name = '""';
  let value = 'null';
  while (source.at < source.end) {
    const tag = readTag(source);
    if (tag === 0x0a) name = printString(source);
    else if (tag === 0x12) value = printInner(source, depth, printValue);
    else skipField(source, tag);
  }
  leave(source, end);
  members.set(name, value);
}

/** Prints a google.protobuf.ListValue. */
export function printList(source: Source, depth: number): string {
  let text = '';
  while (source.at < source.end) {
    const tag = readTag(source);
    if (tag === 0x0a) text += `${text === '' ? '' : ','}${printInner(source, deeper(depth), printValue)}`;
    else skipField(source, tag);
  }
  return `[${text}]`;
}

/** Prints a google.protobuf.Value; one without a kind as null. */
export function printValue(source: Source, depth: number): string {
  let text = 'null';
  while (source.at < source.end) {
    const tag = readTag(source);
    switch (tag) {
      case 0x08:
        readVarint32(source);
        text = 'null';
        break;
      case 0x11:
        text = finiteText(source.bytes.readDoubleLE(readSpan(source, 8)));
        break;
      case 0x1a:
        text = printString(source);
        break;
      case 0x20:
        text = readInteger(source) === 0 ? 'false' : 'true';
        break;
      case 0x2a:
        text = printInner(source, depth, printStruct);
        break;
      case 0x32:
        text = printInner(source, depth, printList);
        break;
      default:
        skipField(source, tag);
    }
  }
  return text;
}

function printInner(source: Source, depth: number, print: (source: Source, depth: number) => string): string {
  const end = enter(source);
  const text = print(source, depth);
  leave(source, end);
  return text;
}

function finiteText(value: number): string {
  if (!Number.isFinite(value)) throw new MalformedMessage('a google.protobuf.Value is not a finite number');
  return doubleText(value);
}
