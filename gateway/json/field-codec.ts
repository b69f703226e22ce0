import type { DescField } from '@bufbuild/protobuf';
import { mustNotBeNull } from './faults.js';
import { fieldWriter } from './field-from-json.js';
import { createFindings, type Fault, refuseIfAny, report } from './invalid-input.js';
import type { MessageWriters } from './message-from-json.js';
import type { MessagePrinters } from './message-to-json.js';
import type { JsonNode } from './node.js';
import { nullRule } from './null-rule.js';
import { responseBodyPrinter } from './response-body.js';
import { openSource } from './wire-reader.js';
import { beginLength, endLength, openSink, tagOf, takeBytes, writeVarint32 } from './wire-writer.js';

/** Turns one field of a message from a body into bytes of its parent, and into an answer's body. */
export interface FieldCodec {
  /**
   * The field as it stands in its parent's bytes, tag included, from a body that is this field (`body: "field"`).
   * An empty body sets an empty message, and nothing else; in strict types a list or map must be given.
   * @throws InvalidInput whose paths begin with the field, like those of the service.
   */
  decode(node: JsonNode | undefined): Uint8Array;
  /**
   * The field's JSON out of its parent's bytes (`response_body: "field"`).
   * @throws MalformedMessage as a message codec does.
   */
  encode(parent: Uint8Array): string;
}

const missing: Fault = { rule: 'missing', description: 'a body is required' };

/** Makes the codec of a field. */
export function createFieldCodec(
  field: DescField,
  writers: MessageWriters,
  printers: MessagePrinters,
): FieldCodec {
  const { types } = writers.options;
  const encode = responseBodyPrinter(field, printers);
  // Callers never write the name of the field that is the whole body.
  const step = { protoName: field.name, shownName: '' };
  const write = fieldWriter(field, writers, step);
  const isContainer = field.fieldKind === 'list' || field.fieldKind === 'map';
  const isMessage = field.fieldKind === 'message';
  const nullIsRead = isMessage || (isContainer && types === 'strict') || nullRule(field, types) === 'value';
  const tag = tagOf(field, 2);
  return {
    decode(node) {
      const sink = openSink();
      const findings = createFindings();
      if (node === undefined) {
        if (isMessage) {
          writeVarint32(sink, tag);
          endLength(sink, beginLength(sink));
        } else if (types === 'strict') report(findings, missing, step);
      } else if (node !== null || nullIsRead) write(node, sink, findings);
      else if (types === 'strict') report(findings, mustNotBeNull, step);
      refuseIfAny(findings);
      return takeBytes(sink);
    },
    encode: (parent) => encode(openSource(parent)),
  };
}
