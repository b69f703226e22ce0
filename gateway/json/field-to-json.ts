import type { DescField } from '@bufbuild/protobuf';
import { enumPrinter, isNullValue } from './enum-json.js';
import { mapPrinter } from './map-to-json.js';
import type { MessagePrinters, Printed } from './message-to-json.js';
import { type ScalarPrinter, scalarPrinter, scalarZero } from './scalar-to-json.js';
import { enumForm, scalarForm } from './scalar-wire.js';
import { inside, openSource, readSpan, readVarint32, type Source, skipField } from './wire-reader.js';

/** Prints a field, piece by piece as it comes off the wire. */
export interface FieldPrinter {
  /** Whether the field can have this wire type; others are skipped, as parsers do. */
  takes(wireType: number): boolean;
  /** Reads one piece behind its tag, and returns all that was printed until now. */
  print(source: Source, depth: number, before: Printed, wireType: number, messageStart: number): Printed;
  /** The JSON of what was printed. */
  finish(printed: NonNullable<Printed>): string;
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
      return { takes: (type) => type === wireType, print, finish: itself, zero };
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
    takes: (type) => type === 2,
    finish: itself,
    zero: 'null',
    print(source, depth, before, _wireType, messageStart) {
      if (before === undefined) return inside(source, () => content(source, depth));
      // A message in pieces is one message: protobuf merges them.
      readSpan(source, readVarint32(source));
      return content(openSource(gather(source, messageStart, field.number)), depth);
    },
  };
}

/** Joins the pieces of a message field from the start of its parent to where the source stands. */
function gather(source: Source, start: number, number: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  const again: Source = { bytes: source.bytes, at: start, end: source.at };
  while (again.at < again.end) {
    const tag = readVarint32(again) >>> 0;
    if (tag === ((number << 3) | 2) >>> 0) {
      const from = readSpan(again, readVarint32(again));
      pieces.push(again.bytes.subarray(from, again.at));
    } else skipField(again, tag & 7, tag >>> 3);
  }
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
      takes: (type) => type === 2,
      finish,
      zero: '[]',
      print: (source, depth, before) =>
        append(
          before,
          inside(source, () => content(source, depth)),
        ),
    };
  }
  const { print, wireType } = plain(field);
  return {
    takes: (type) => type === wireType || type === 2,
    finish,
    zero: '[]',
    print(source, _depth, before, type) {
      if (type === wireType) return append(before, print(source));
      let items = before;
      inside(source, () => {
        while (source.at < source.end) items = append(items, print(source));
      });
      return items;
    },
  };
}
