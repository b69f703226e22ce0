import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { givenTwice, mustBeObject } from './faults.js';
import { plainType } from './field-from-json.js';
import { type Fault, type Findings, type PathField, report } from './invalid-input.js';
import type { FieldWriter, MessageWriters } from './message-from-json.js';
import { isObject, type JsonNode } from './node.js';
import { isFault, scalarReader } from './scalar-from-json.js';
import { type ScalarValue, scalarForm } from './scalar-wire.js';
import { beginLength, endLength, type Sink, tagOf, writeVarint32 } from './wire-writer.js';

type MapField = DescField & { fieldKind: 'map' };

/** The writer of a map field: one entry message for each member of the object. */
export function mapWriter(field: MapField, writers: MessageWriters, step: PathField): FieldWriter {
  const tag = tagOf(field, 2);
  const keyForm = scalarForm(field.mapKey);
  const readKey = mapKeyReader(field.mapKey);
  const writeEntryValue = valueWriter(field, writers);
  return (node, sink, findings) => {
    if (!isObject(node)) return report(findings, mustBeObject, step);
    const seen = new Set<ScalarValue>();
    findings.path.push(step);
    for (let i = 0; i < node.names.length; i++) {
      const name = node.names[i]!;
      const key = readKey(name);
      if (isFault(key)) report(findings, key, name);
      else if (seen.has(key)) report(findings, givenTwice, name);
      else {
        seen.add(key);
        findings.path.push(name);
        const before = sink.length;
        writeVarint32(sink, tag);
        const start = beginLength(sink);
        writeVarint32(sink, 0x08 | keyForm.wireType);
        keyForm.write(sink, key);
        // An entry whose value is an unknown enum name is dropped whole.
        if (writeEntryValue(node.values[i]!, sink, findings)) endLength(sink, start);
        else sink.length = before;
        findings.path.pop();
      }
    }
    findings.path.pop();
  };
}

type EntryValueWriter = (node: JsonNode, sink: Sink, findings: Findings) => boolean;

function valueWriter(field: MapField, writers: MessageWriters): EntryValueWriter {
  if (field.message) {
    const write = writers.content(field.message);
    return (node, sink, findings) => {
      writeVarint32(sink, 0x12);
      const start = beginLength(sink);
      write(node, sink, findings);
      endLength(sink, start);
      return true;
    };
  }
  const { form, read } = plainType(field, writers);
  return (node, sink, findings) => {
    const value = read(node);
    if (isFault(value)) report(findings, value);
    else if (value !== undefined) {
      writeVarint32(sink, 0x10 | form.wireType);
      form.write(sink, value);
    }
    return value !== undefined;
  };
}

/** Turns the name of an object's member into a map key. */
function mapKeyReader(type: ScalarType): (name: string) => ScalarValue | Fault {
  if (type === ScalarType.STRING) return (name) => name;
  if (type === ScalarType.BOOL) {
    const fault: Fault = { rule: 'key', description: 'must have the keys true or false' };
    return (name) => (name === 'true' ? true : name === 'false' ? false : fault);
  }
  const read = scalarReader(type, true);
  const fault: Fault = { rule: 'key', description: 'must have integers as keys' };
  return (name) => (/^[+-]?\d+$/.test(name) ? read({ text: name.replace(/^\+/, '') }) : fault);
}
