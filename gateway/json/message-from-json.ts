import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { anyWriter } from './any-from-json.js';
import { givenTwice, mustBeObject, mustNotBeNull, unknownField } from './faults.js';
import { fieldWriter } from './field-from-json.js';
import { pathField, printedName } from './field-name.js';
import { type Fault, type Findings, type PathField, report } from './invalid-input.js';
import { isObject, type JsonNode, type JsonObject } from './node.js';
import { type NullRule, nullRule } from './null-rule.js';
import type { JsonOptions } from './options.js';
import { type ContentWriter, wellKnownWriter } from './well-known-from-json.js';
import type { Sink } from './wire-writer.js';

/** Writes a field with its tag from its JSON, which is not null unless null is a value of it. */
export type FieldWriter = (node: JsonNode, sink: Sink, findings: Findings) => void;

/** Finds, and compiles when first used, what writes each message type. */
export interface MessageWriters {
  readonly options: JsonOptions;
  content(desc: DescMessage): ContentWriter;
  /** As `content`, for a message whose fields stand beside the `@type` of an Any. */
  fields(desc: DescMessage): ContentWriter;
}

interface FieldPlan {
  readonly step: PathField;
  /** Its place, and that of its oneof where it has one, among what can be given once. */
  readonly slot: number;
  readonly oneofSlot: number | undefined;
  readonly oneofFault: Fault;
  readonly nulls: NullRule;
  readonly write: FieldWriter;
}

/** The writers of all message types of a registry. */
export function createMessageWriters(registry: Registry, options: JsonOptions): MessageWriters {
  const contents = new Map<DescMessage, ContentWriter>();
  const objects = new Map<DescMessage, ContentWriter>();
  const writers: MessageWriters = {
    options,
    content: (desc) => remember(contents, desc, () => special(desc) ?? writers.fields(desc)),
    fields: (desc) => remember(objects, desc, () => objectWriter(desc, writers)),
  };
  const freeForm = { strict: options.types === 'strict' };
  const special = (desc: DescMessage) =>
    desc.typeName === 'google.protobuf.Any' ? anyWriter(registry, writers) : wellKnownWriter(desc, freeForm);
  return writers;
}

/** Compiles at the first call, since a message type may contain itself. */
function remember(
  known: Map<DescMessage, ContentWriter>,
  desc: DescMessage,
  compile: () => ContentWriter,
): ContentWriter {
  const found = known.get(desc);
  if (found !== undefined) return found;
  let compiled: ContentWriter | undefined;
  const write: ContentWriter = (node, sink, findings) => {
    compiled ??= compile();
    compiled(node, sink, findings);
  };
  known.set(desc, write);
  return write;
}

function objectWriter(desc: DescMessage, writers: MessageWriters): ContentWriter {
  const plans = new Map<string, FieldPlan>();
  const { names, types, unknownFields } = writers.options;
  const compiled = desc.fields.map((field) => ({ field, plan: planField(field, writers) }));
  for (const { field, plan } of compiled) {
    if (types === 'proto3' || names === 'proto') plans.set(field.name, plan);
  }
  // Where one field's JSON name is another's proto name, the JSON name wins, as in Go.
  for (const { field, plan } of compiled) {
    if (types === 'proto3' || names === 'json') plans.set(field.jsonName, plan);
  }
  const slots = desc.fields.length + desc.oneofs.length;
  const refuseUnknown = unknownFields === 'refuse';
  return (node, sink, findings) => {
    if (isObject(node)) writeObject(node, sink, findings);
    else report(findings, mustBeObject);
  };

  function writeObject(node: JsonObject, sink: Sink, findings: Findings): void {
    const given = new Uint8Array(slots);
    for (let i = 0; i < node.names.length; i++) {
      const name = node.names[i]!;
      const plan = plans.get(name);
      if (plan !== undefined) writeMember(plan, node.values[i]!, given, sink, findings);
      else if (refuseUnknown) report(findings, unknownField, name);
    }
  }
}

function writeMember(
  plan: FieldPlan,
  node: JsonNode,
  given: Uint8Array,
  sink: Sink,
  findings: Findings,
): void {
  const { slot, oneofSlot, nulls, step } = plan;
  const isNew = given[slot] === 0;
  given[slot] = 1;
  if (!isNew) report(findings, givenTwice, step);
  else if (node === null && nulls !== 'value') {
    if (nulls === 'refused') report(findings, mustNotBeNull, step);
  } else if (oneofSlot !== undefined && given[oneofSlot] === 1) report(findings, plan.oneofFault, step);
  else {
    if (oneofSlot !== undefined) given[oneofSlot] = 1;
    plan.write(node, sink, findings);
  }
}

function planField(field: DescField, writers: MessageWriters): FieldPlan {
  const { parent, oneof } = field;
  const { names, types } = writers.options;
  const step = pathField(field, names);
  const rivals = oneof?.fields.map((other) => printedName(other, names)).join(', ');
  return {
    step,
    slot: parent.fields.indexOf(field),
    oneofSlot: oneof && parent.fields.length + parent.oneofs.indexOf(oneof),
    oneofFault: { rule: 'oneof', description: `only one of ${rivals} may be given` },
    nulls: nullRule(field, types),
    write: fieldWriter(field, writers, step),
  };
}
