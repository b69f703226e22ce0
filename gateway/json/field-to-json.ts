import type { DescField } from '@bufbuild/protobuf';
import { enumPrinter, isNullValue } from './enum-json.js';
import { mapPrinter } from './map-to-json.js';
import type { MessagePrinters, Printed } from './message-to-json.js';
import { type ScalarPrinter, scalarPrinter, scalarZero } from './scalar-to-json.js';
import { enumForm, scalarForm } from './scalar-wire.js';
import { enter, leave, openSource, readSpan, readVarint32, type Source } from './wire-reader.js';

/** Prints a field, piece by piece as it comes off the wire. */
export interface FieldPrinter {
  /** The wire types that the field can have; others are skipped, as parsers do. */
  readonly wireTypes: readonly number[];
  /** Reads one piece behind its tag, and returns all that was read until now. */
  read(source: Source, depth: number, before: Printed, wireType: number): Printed;
  /** The JSON of what was read. */
  finish(printed: NonNullable<Printed>, source: Source, depth: number): string;
  /** The JSON of the field when it was not on the wire. */
  readonly zero: string;
}

const itself = (printed: NonNullable<Printed>) => printed as string;

/** How the values of a field that are not messages are printed. */
export interface PlainPrinter {
  readonly print: ScalarPrinter;
  readonly wireType: number;
  readonly zero: string;
}

/** The printer of a field; `plain` says how its scalars and enums look. */
export function fieldPrinter(
  field: DescField,
  printers: MessagePrinters,
  plain = plainPrinter,
): FieldPrinter {
  switch (field.fieldKind) {
    case 'map':
      return mapPrinter(field, printers, plain);
    case 'list':
      return listPrinter(field, printers, plain);
    case 'message':
      return messagePrinter(field, printers);
    default: {
      const { print, wireType, zero } = plain(field);
      return { wireTypes: [wireType], read: print, finish: itself, zero };
    }
  }
}

/** How a scalar or enum is printed inside a message. */
export function plainPrinter(field: DescField): PlainPrinter {
  if (field.enum) {
    const first = field.enum.value[0];
    const zero = isNullValue(field.enum) ? 'null' : first === undefined ? '0' : `"${first.name}"`;
    return { print: enumPrinter(field.enum), wireType: enumForm.wireType, zero };
  }
  if (field.scalar === undefined) throw new TypeError(`${field} is neither scalar nor enum`);
  const { wireType } = scalarForm(field.scalar);
  return { print: scalarPrinter(field.scalar), wireType, zero: scalarZero(field.scalar) };
}

function messagePrinter(
  field: DescField & { fieldKind: 'message' },
  printers: MessagePrinters,
): FieldPrinter {
  const content = printers.content(field.message);
  return {
    wireTypes: [2],
    zero: 'null',
    read(source, _depth, before) {
      const start = readSpan(source, readVarint32(source));
      if (before === undefined) return [start, source.at];
      // A message in pieces is one message: protobuf merges them.
      (before as number[]).push(start, source.at);
      return before;
    },
    finish(printed, source, depth) {
      const spans = printed as readonly number[];
      if (spans.length > 2) return content(openSource(join(source, spans)), depth);
      const { at, end } = source;
      source.at = spans[0]!;
      source.end = spans[1]!;
      const text = content(source, depth);
      source.at = at;
      source.end = end;
      return text;
    },
  };
}

function join(source: Source, spans: readonly number[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < spans.length; i += 2) pieces.push(source.bytes.subarray(spans[i], spans[i + 1]));
  return Buffer.concat(pieces);
}

function listPrinter(
  field: DescField & { fieldKind: 'list' },
  printers: MessagePrinters,
  plain: (field: DescField) => PlainPrinter,
): FieldPrinter {
  const finish = (printed: NonNullable<Printed>) => `[${printed}]`;
  const append = (before: Printed, item: string) => (before === undefined ? item : `${before},${item}`);
  if (field.message) {
    const content = printers.content(field.message);
    return {
      wireTypes: [2],
      finish,
      zero: '[]',
      read(source, depth, before) {
        const end = enter(source);
        const item = content(source, depth);
        leave(source, end);
        return append(before, item);
      },
    };
  }
  const { print, wireType } = plain(field);
  return {
    wireTypes: [wireType, 2],
    finish,
    zero: '[]',
    read(source, _depth, before, type) {
      if (type === wireType) return append(before, print(source));
      let items = before;
      const end = enter(source);
      while (source.at < source.end) items = append(items, print(source));
      leave(source, end);
      return items;
    },
  };
}
