import type { DescMessage, Registry } from '@bufbuild/protobuf';
import { givenTwice, mustBeObject, unknownField } from './faults.js';
import { type Fault, type Findings, report } from './invalid-input.js';
import type { MessageWriters } from './message-from-json.js';
import { isObject, type JsonObject } from './node.js';
import { hasOwnForm } from './own-form.js';
import type { ContentWriter } from './well-known-from-json.js';
import { beginLength, endLength, type Sink, writeString, writeVarint32 } from './wire-writer.js';

const missingType: Fault = { rule: 'missing', description: 'must have an @type' };
const missingValue: Fault = { rule: 'missing', description: 'must have a value' };
const badType: Fault = { rule: 'type', description: 'must have one @type, the URL of a known message' };

/** The writer of google.protobuf.Any, which reads the rest of the object as its `@type` says. */
export function anyWriter(registry: Registry, writers: MessageWriters): ContentWriter {
  const ignoreUnknown = writers.options.unknownFields === 'ignore';
  return (node, sink, findings) => {
    if (!isObject(node)) return report(findings, mustBeObject);
    const at = node.names.indexOf('@type');
    // As in Go, an object without a type is an empty Any with unknown fields.
    if (at < 0 && (ignoreUnknown || node.names.length === 0)) return;
    if (at < 0) return report(findings, missingType);
    const url = node.values[at];
    const desc = typeof url === 'string' ? typeOf(url, registry) : undefined;
    if (desc === undefined || node.names.lastIndexOf('@type') !== at) return report(findings, badType);
    writeVarint32(sink, 0x0a);
    writeString(sink, url as string);
    writeVarint32(sink, 0x12);
    const start = beginLength(sink);
    const rest = without(node, at);
    if (hasOwnForm(desc)) writeOwnForm(desc, rest, writers, sink, findings);
    else writers.fields(desc)(rest, sink, findings);
    endLength(sink, start);
  };
}

/** The message type that the URL of an Any names. */
export function typeOf(url: string, registry: Registry): DescMessage | undefined {
  return registry.getMessage(url.slice(url.lastIndexOf('/') + 1));
}

function without(node: JsonObject, index: number): JsonObject {
  return {
    names: node.names.filter((_, i) => i !== index),
    values: node.values.filter((_, i) => i !== index),
  };
}

/** Writes a message that stands in the Any as its `value`. */
function writeOwnForm(
  desc: DescMessage,
  { names, values }: JsonObject,
  writers: MessageWriters,
  sink: Sink,
  findings: Findings,
): void {
  const at = names.indexOf('value');
  if (writers.options.unknownFields === 'refuse') {
    for (const name of names) if (name !== 'value') report(findings, unknownField, name);
  }
  if (names.lastIndexOf('value') !== at) report(findings, givenTwice, 'value');
  else if (at >= 0) writers.content(desc)(values[at]!, sink, findings);
  // Other implementations leave out the value of an Empty.
  else if (desc.typeName !== 'google.protobuf.Empty') report(findings, missingValue);
}
