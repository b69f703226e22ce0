import type { DescField } from '@bufbuild/protobuf';
import type { FieldPrinter, PlainPrinter } from './field-to-json.js';
import type { MessagePrinters } from './message-to-json.js';
import { scalarPrinter, scalarZero } from './scalar-to-json.js';
import { scalarForm } from './scalar-wire.js';
import { eachField, inside, type Source } from './wire-reader.js';

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
    takes: (type) => type === 2,
    zero: '{}',
    print(source, depth, before) {
      const entries = (before as Map<string, string> | undefined) ?? new Map<string, string>();
      inside(source, () => {
        let key = zeroKey;
        let text = value.zero;
        eachField(source, (tag) => {
          if (tag === keyTag) key = asName(printKey(source));
          else if (tag === value.tag) text = value.print(source, depth);
          else return false;
          return true;
        });
        entries.set(key, text);
      });
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
    const empty = { bytes: Buffer.alloc(0), at: 0, end: 0 };
    return {
      tag: 0x12,
      zero: content({ ...empty }, 0),
      print: (source, depth) => inside(source, () => content(source, depth)),
    };
  }
  const { print, wireType, zero } = plain(field);
  return { tag: 0x10 | wireType, zero, print };
}
