import type { DescField } from '@bufbuild/protobuf';
import { type Fault, type Findings, report } from '../json/invalid-input.js';
import { isFault } from '../json/scalar-from-json.js';
import { beginLength, endLength, type Sink, tagOf, writeVarint32 } from '../json/wire-writer.js';
import { textMessageWriter } from './text-message.js';
import { scalarText, type TextRules, textType } from './text-value.js';

/** Writes a field with its tag from one text, zero values too. */
export type TextFieldWriter = (text: string, sink: Sink, findings: Findings) => void;

/** Writes one entry of a map field, with its tag, from the texts of its key and value. */
export type TextEntryWriter = (key: string, value: string, sink: Sink, findings: Findings) => void;

/** The writers of fields from text, made when first asked for. */
export interface TextFields {
  /** Of one value of a field: of a singular one, or one element of a list. */
  value(field: DescField): TextFieldWriter;
  entry(field: DescField & { fieldKind: 'map' }): TextEntryWriter;
}

/** Finds the writers of fields for one set of rules. */
export function createTextFields(rules: TextRules): TextFields {
  const values = new Map<DescField, TextFieldWriter>();
  const entries = new Map<DescField, TextEntryWriter>();
  return {
    value(field) {
      const writer = values.get(field) ?? textFieldWriter(field, rules);
      values.set(field, writer);
      return writer;
    },
    entry(field) {
      const writer = entries.get(field) ?? textEntryWriter(field, rules);
      entries.set(field, writer);
      return writer;
    },
  };
}

function textFieldWriter(field: DescField, rules: TextRules): TextFieldWriter {
  const write = field.fieldKind === 'map' ? undefined : valueWriter(field, field.number, rules);
  return write ?? ((_text, _sink, findings) => report(findings, cannotBeText(field)));
}

function cannotBeText(field: DescField): Fault {
  return {
    rule: 'type',
    description: `cannot be given as text: it is a ${field.message?.typeName ?? 'map'}`,
  };
}

function valueWriter(field: DescField, number: number, rules: TextRules): TextFieldWriter | undefined {
  if (field.message) {
    const write = textMessageWriter(field.message, rules);
    const tag = tagOf({ number }, 2);
    return (
      write &&
      ((text, sink, findings) => {
        writeVarint32(sink, tag);
        const start = beginLength(sink);
        write(text, sink, findings);
        endLength(sink, start);
      })
    );
  }
  const { form, read } = textType(field, rules);
  const tag = tagOf({ number }, form.wireType);
  return (text, sink, findings) => {
    const value = read(text);
    if (isFault(value)) return report(findings, value);
    writeVarint32(sink, tag);
    form.write(sink, value);
  };
}

function textEntryWriter(field: DescField & { fieldKind: 'map' }, rules: TextRules): TextEntryWriter {
  const key = scalarText(field.mapKey, rules);
  const writeValue = valueWriter(field, 2, rules);
  const tag = tagOf(field, 2);
  return (keyText, valueText, sink, findings) => {
    const found = key.read(keyText);
    if (isFault(found)) return report(findings, found, keyText);
    if (writeValue === undefined) return report(findings, cannotBeText(field));
    writeVarint32(sink, tag);
    const start = beginLength(sink);
    writeVarint32(sink, 0x08 | key.form.wireType);
    key.form.write(sink, found);
    findings.path.push(keyText);
    writeValue(valueText, sink, findings);
    findings.path.pop();
    endLength(sink, start);
  };
}
