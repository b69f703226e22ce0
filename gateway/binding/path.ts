import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { pathField } from '../json/field-name.js';
import { createFindings, refuseIfAny } from '../json/invalid-input.js';
import { beginLength, endLength, openSink, tagOf, takeBytes, writeVarint32 } from '../json/wire-writer.js';
import { createTextFields } from './text-field.js';
import { textMessageWriter } from './text-message.js';
import type { TextRules } from './text-value.js';

/**
 * Makes the reader of a path parameter: its text becomes the bytes of the request field that it is bound to.
 * At the top level integers may have any base Go's literals have, and a list is separated by commas; the fields
 * of a nested path are read as in a query.
 *
 * @throws TypeError where the path is not that of a field that text can stand for.
 */
export function compilePathParameter(desc: DescMessage, fieldPath: string): (value: string) => Uint8Array {
  const fields = resolve(desc, fieldPath);
  const leaf = fields.at(-1)!;
  const parents = fields.slice(0, -1);
  const topLevel = parents.length === 0;
  const rules: TextRules = { place: topLevel ? 'path' : 'query', strict: false };
  if (leaf.message && textMessageWriter(leaf.message, rules) === undefined) {
    throw new TypeError(`${fieldPath} is a ${leaf.message.typeName}, which a path cannot hold`);
  }
  const write = createTextFields(rules).value(leaf);
  const steps = fields.map((field) => pathField(field, 'proto'));
  return (text) => {
    const sink = openSink();
    const findings = createFindings();
    findings.path.push(...steps);
    const starts = parents.map((parent) => {
      writeVarint32(sink, tagOf(parent, 2));
      return beginLength(sink);
    });
    const values = leaf.fieldKind === 'list' && topLevel ? text.split(',') : [text];
    for (const value of values) write(value, sink, findings);
    while (starts.length > 0) endLength(sink, starts.pop()!);
    refuseIfAny(findings);
    return takeBytes(sink);
  };
}

function resolve(desc: DescMessage, fieldPath: string): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = desc;
  for (const name of fieldPath.split('.')) {
    const field: DescField | undefined = message?.fields.find((one) => one.name === name);
    if (field === undefined) throw new TypeError(`${desc.typeName} has no field ${fieldPath}`);
    fields.push(field);
    message = field.fieldKind === 'message' ? field.message : undefined;
  }
  if (fields.at(-1)!.fieldKind === 'map')
    throw new TypeError(`${fieldPath} is a map, which a path cannot hold`);
  return fields;
}
