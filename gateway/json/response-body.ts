import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { enumNamePrinter } from './enum-json.js';
import { type FieldPrinter, fieldPrinter, type PlainPrinter, plainPrinter } from './field-to-json.js';
import type { MessagePrinters, Printed } from './message-to-json.js';
import { unsetForm } from './presence.js';
import { bareScalarPrinter } from './scalar-to-json.js';
import { openSource, readTag, type Source, skipField } from './wire-reader.js';
import { tagOf } from './wire-writer.js';

/**
 * Prints one field of a message as the whole answer, with what sets grpc-gateway's answers of that kind apart
 * from the same field inside a message: 64-bit integers are bare, enums always in quotes, and an unset message
 * is an empty one.
 */
export function responseBodyPrinter(field: DescField, printers: MessagePrinters): (source: Source) => string {
  const printer = fieldPrinter(field, printers, barePrinter);
  const unset = unsetText(field, printer, printers);
  const tags = printer.wireTypes.map((wireType) => tagOf(field, wireType));
  return (source) => {
    let printed: Printed;
    while (source.at < source.end) {
      const tag = readTag(source);
      if (tags.includes(tag)) printed = printer.read(source, 0, printed, tag & 7);
      else skipField(source, tag);
    }
    return printed === undefined ? unset : printer.finish(printed, source, 0);
  };
}

function unsetText(field: DescField, printer: FieldPrinter, printers: MessagePrinters): string {
  if (field.fieldKind === 'message') {
    return printers.content(field.message)(openSource(new Uint8Array(0)), 0);
  }
  if (unsetForm(field) !== 'zero') return 'null';
  // Go takes unset bytes for a list.
  return field.scalar === ScalarType.BYTES ? '[]' : printer.zero;
}

function barePrinter(field: DescField): PlainPrinter {
  const plain = plainPrinter(field);
  if (field.enum) {
    const print = enumNamePrinter(field.enum);
    return { ...plain, print, zero: `"${field.enum.value[0]?.name ?? 0}"` };
  }
  const zero = plain.zero === '"0"' ? '0' : plain.zero;
  return { ...plain, print: bareScalarPrinter(field.scalar!), zero };
}
