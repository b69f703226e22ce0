import type { DescField } from '@bufbuild/protobuf';
import { enumReader } from './enum-json.js';
import { mustBeArray } from './faults.js';
import { type Fault, type Findings, type PathField, report } from './invalid-input.js';
import { mapWriter } from './map-from-json.js';
import type { FieldWriter, MessageWriters } from './message-from-json.js';
import { isArray, type JsonNode } from './node.js';
import { hasPresence } from './presence.js';
import { isFault, scalarReader } from './scalar-from-json.js';
import { enumForm, isZero, type ScalarForm, type ScalarValue, scalarForm } from './scalar-wire.js';
import { beginLength, endLength, type Sink, tagOf, writeVarint32 } from './wire-writer.js';

/** A scalar or enum: how it is read, and how written. A reader's undefined is a value to be dropped. */
export interface PlainType {
  readonly form: ScalarForm;
  readonly read: (node: JsonNode) => ScalarValue | Fault | undefined;
}

/** The writer of a field with its tag; `step` is what paths call it. */
export function fieldWriter(field: DescField, writers: MessageWriters, step: PathField): FieldWriter {
  if (field.fieldKind === 'map') return mapWriter(field, writers, step);
  if (field.fieldKind === 'list') {
    const write = field.message ? messageItems(field, writers) : plainItems(field, writers);
    return (node, sink, findings) => {
      if (!isArray(node)) return report(findings, mustBeArray, step);
      if (node.length === 0) return;
      findings.path.push(step, 0);
      write(node, sink, findings);
      findings.path.length -= 2;
    };
  }
  if (field.fieldKind === 'message') {
    const write = writers.content(field.message);
    const tag = tagOf(field, 2);
    return (node, sink, findings) => {
      findings.path.push(step);
      writeVarint32(sink, tag);
      const start = beginLength(sink);
      write(node, sink, findings);
      endLength(sink, start);
      findings.path.pop();
    };
  }
  const { form, read } = plainType(field, writers);
  const tag = tagOf(field, form.wireType);
  const keepZero = hasPresence(field);
  return (node, sink, findings) => {
    const value = read(node);
    if (isFault(value)) return report(findings, value, step);
    if (value === undefined || (!keepZero && isZero(value))) return;
    writeVarint32(sink, tag);
    form.write(sink, value);
  };
}

/** The scalar or enum type of a field, of a list's elements, or of a map's values. */
export function plainType(field: DescField, { options }: MessageWriters): PlainType {
  const strict = options.types === 'strict';
  if (field.enum) {
    const dropUnknown = options.unknownFields === 'ignore';
    return { form: enumForm, read: enumReader(field.enum, { strict, dropUnknown }) };
  }
  if (field.scalar === undefined) throw new TypeError(`${field} is neither scalar nor enum`);
  return { form: scalarForm(field.scalar), read: scalarReader(field.scalar, strict) };
}

/** Writes the elements of a list. The last step of the path is there for their indexes. */
type ItemsWriter = (nodes: readonly JsonNode[], sink: Sink, findings: Findings) => void;

function messageItems(field: DescField, writers: MessageWriters): ItemsWriter {
  const write = writers.content(field.message!);
  const tag = tagOf(field, 2);
  return (nodes, sink, findings) => {
    for (let i = 0; i < nodes.length; i++) {
      setIndex(findings, i);
      writeVarint32(sink, tag);
      const start = beginLength(sink);
      write(nodes[i]!, sink, findings);
      endLength(sink, start);
    }
  };
}

function plainItems(field: DescField, writers: MessageWriters): ItemsWriter {
  const { form, read } = plainType(field, writers);
  const packed = field.fieldKind === 'list' && field.packed;
  const tag = tagOf(field, packed ? 2 : form.wireType);
  return (nodes, sink, findings) => {
    if (packed) writeVarint32(sink, tag);
    const start = packed ? beginLength(sink) : 0;
    for (let i = 0; i < nodes.length; i++) {
      const value = read(nodes[i]!);
      if (isFault(value)) {
        setIndex(findings, i);
        report(findings, value);
      } else if (value !== undefined) {
        if (!packed) writeVarint32(sink, tag);
        form.write(sink, value);
      }
    }
    if (packed) endLength(sink, start);
  };
}

function setIndex(findings: Findings, index: number): void {
  findings.path[findings.path.length - 1] = index;
}
