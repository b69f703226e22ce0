import type { DescField } from '@bufbuild/protobuf';
import type { FieldPrinter, PlainPrinter } from './field-to-json.js';
import type { MessagePrinters } from './message-to-json.js';
import { scalarPrinter, scalarZero } from './scalar-to-json.js';
import { scalarForm } from './scalar-wire.js';
import { enter, leave, openSource, readTag, type Source, skipField } from './wire-reader.js';

/** The printer of a map field. Entries keep the order they came in; the last one of a key holds. */
export function mapPrinter(
  field: DescField & { fieldKind: 'map' },
  printers: MessagePrinters,
  plain: (field: DescField) => PlainPrinter,
): FieldPrinter {
  const keyTag = 0x08 | scalarForm(field.mapKey).wireType;
  const printKey = scalarPrinter(field.mapKey);
  const zeroKey = asName(scalarZero(field.mapKey));
  const value = entryValue(field, printers, plain);
  return {
    wireTypes: [2],
    zero: '{}',
    read(source, depth, before) {
      const entries = (before as Map<string, string> | undefined) ?? new Map<string, string>();
      const end = enter(source);
      let key = zeroKey;
      let text = value.zero;
      while (source.at < source.end) {
        const tag = readTag(source);
        if (tag === keyTag) key = asName(printKey(source));
        else if (tag === value.tag) text = value.print(source, depth);
        else skipField(source, tag);
      }
      leave(source, end);
      entries.set(key, text);
      return entries;
    },
    finish(printed) {
      let text = '';
      for (const [key, entry] of printed as Map<string, string>)
        text += `${text === '' ? '' : ','}${key}:${entry}`;
      return `{${text}}`;
    },
  };
}

/** Puts a key's JSON in quotes where it has none. */
function asName(json: string): string {
  return json.startsWith('"') ? json : `"${json}"`;
}

interface EntryValue {
  readonly tag: number;
  readonly zero: string;
  print(source: Source, depth: number): string;
}

function entryValue(
  field: DescField & { fieldKind: 'map' },
  printers: MessagePrinters,
  plain: (field: DescField) => PlainPrinter,
): EntryValue {
  if (field.message) {
    const content = printers.content(field.message);
    let zero: string | undefined;
    return {
      tag: 0x12,
      // Printed when first needed: the value may be a message that is still being compiled.
      get zero() {
        zero ??= content(openSource(new Uint8Array(0)), 0);
        return zero;
      },
      print(source, depth) {
        const end = enter(source);
        const text = content(source, depth);
        leave(source, end);
        return text;
      },
    };
  }
  const { print, wireType, zero } = plain(field);
  return { tag: 0x10 | wireType, zero, print };
}
