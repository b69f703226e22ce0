import { doubleText, readString } from './scalar-to-json.js';
import {
  deeper,
  eachField,
  inside,
  MalformedMessage,
  readSpan,
  readVarint32,
  readVarint64,
  type Source,
} from './wire-reader.js';

/** Prints a google.protobuf.Struct, whose bytes the source stands before. */
export function printStruct(source: Source, depth: number): string {
  const fields = new Map<string, string>();
  eachField(source, (tag) => {
    if (tag !== 0x0a) return false;
    inside(source, () => {
      let name = '';
      let value: string | undefined;
      eachField(source, (part) => {
        if (part === 0x0a) name = readString(source);
        else if (part === 0x12) value = inside(source, () => printValue(source, deeper(depth)));
        else return false;
        return true;
      });
      fields.set(name, value ?? 'null');
    });
    return true;
  });
  let text = '';
  for (const [name, value] of fields) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${value}`;
  return `{${text}}`;
}

/** Prints a google.protobuf.ListValue. */
export function printList(source: Source, depth: number): string {
  let text = '';
  eachField(source, (tag) => {
    if (tag !== 0x0a) return false;
    text += `${text === '' ? '' : ','}${inside(source, () => printValue(source, deeper(depth)))}`;
    return true;
  });
  return `[${text}]`;
}

/** Prints a google.protobuf.Value; one without a kind as null. */
export function printValue(source: Source, depth: number): string {
  let text = 'null';
  eachField(source, (tag) => {
    switch (tag) {
      case 0x08:
        readVarint32(source);
        text = 'null';
        return true;
      case 0x11:
        text = finiteText(source.bytes.readDoubleLE(readSpan(source, 8)));
        return true;
      case 0x1a:
        text = JSON.stringify(readString(source));
        return true;
      case 0x20:
        text = readVarint64(source) === 0n ? 'false' : 'true';
        return true;
      case 0x2a:
        text = inside(source, () => printStruct(source, depth));
        return true;
      case 0x32:
        text = inside(source, () => printList(source, depth));
        return true;
      default:
        return false;
    }
  });
  return text;
}

function finiteText(value: number): string {
  if (!Number.isFinite(value)) throw new MalformedMessage('a google.protobuf.Value is not a finite number');
  return doubleText(value);
}
