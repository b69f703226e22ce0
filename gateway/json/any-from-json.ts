import type { Registry } from '@bufbuild/protobuf';
import { type Fault, report } from './invalid-input.js';
import type { MessageWriters } from './message-from-json.js';
import { isObject } from './node.js';
import { hasOwnForm } from './own-form.js';
import type { ContentWriter } from './well-known-from-json.js';
import { beginLength, endLength, writeString, writeVarint32 } from './wire-writer.js';

const mustBeObject: Fault = { rule: 'type', description: 'must be an object' };
const missingType: Fault = { rule: 'missing', description: 'must have an @type' };
const missingValue: Fault = { rule: 'missing', description: 'must have a value' };
const badType: Fault = { rule: 'type', description: 'must have one @type, the URL of a known message' };

/** The writer of google.protobuf.Any, which reads what its `@type` says. */
export function anyWriter(registry: Registry, writers: MessageWriters): ContentWriter {
  const ignoreUnknown = writers.options.unknownFields === 'ignore';
  return (node, sink, findings) => {
    if (!isObject(node)) return report(findings, mustBeObject);
    const at = node.names.indexOf('@type');
    if (at < 0) {
      // As Go does: without a type all fields are unknown ones.
      if (node.names.length > 0 && !ignoreUnknown) report(findings, missingType);
      return;
    }
    const url = node.values[at];
    const desc =
      typeof url === 'string' ? registry.getMessage(url.slice(url.lastIndexOf('/') + 1)) : undefined;
    if (typeof url !== 'string' || desc === undefined || node.names.lastIndexOf('@type') !== at) {
      return report(findings, badType);
    }
    writeVarint32(sink, 0x0a);
    writeString(sink, url);
    writeVarint32(sink, 0x12);
    const start = beginLength(sink);
    if (hasOwnForm(desc)) {
      const members = node.names.map((name, i) => ({ name, value: node.values[i]! }));
      const values = members.filter(({ name }) => name === 'value');
      for (const { name } of members) {
        if (name !== '@type' && name !== 'value' && !ignoreUnknown) {
          report(findings, { rule: 'unknown', description: 'is not a known field' }, name);
        }
      }
      if (values.length > 1)
        report(findings, { rule: 'duplicate', description: 'must not be given twice' }, 'value');
      if (values.length === 0 && desc.typeName !== 'google.protobuf.Empty') report(findings, missingValue);
      else if (values.length > 0) writers.content(desc)(values[0]!.value, sink, findings);
    } else {
      const names = node.names.filter((_, i) => i !== at);
      const values = node.values.filter((_, i) => i !== at);
      writers.fields(desc)({ names, values }, sink, findings);
    }
    endLength(sink, start);
  };
}
