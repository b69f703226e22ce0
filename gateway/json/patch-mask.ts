import type { DescMessage } from '@bufbuild/protobuf';
import { findField, type NameOptions } from './field-name.js';
import { createFindings, type Fault, type Findings, refuseIfAny, report, shorten } from './invalid-input.js';
import { isObject, type JsonNode, type JsonObject } from './node.js';

// Paths repeat the keys above them, so a mask can be far longer than the body that it is made from.
const MOST_CHARACTERS = 1_048_576;

const tooLong: Fault = { rule: 'range', description: 'has too many fields for an update mask' };

interface Mask {
  readonly paths: string[];
  readonly findings: Findings;
  readonly options: NameOptions;
  characters: number;
}

/**
 * The mask that grpc-gateway makes for a PATCH whose body is a field of the request: the path of every leaf of
 * the body, in proto names and sorted; `{}` gives one empty path, no body gives none.
 *
 * @throws InvalidInput for a key that the message does not have, which an ordinary body may have.
 */
export function patchMask(desc: DescMessage, node: JsonNode | undefined, options: NameOptions): string[] {
  const mask: Mask = { paths: [], findings: createFindings(), options, characters: 0 };
  if (isObject(node)) addMessage(desc, node, '', mask);
  if (mask.characters > MOST_CHARACTERS) report(mask.findings, tooLong);
  refuseIfAny(mask.findings);
  return mask.paths.sort();
}

function addPath(path: string, mask: Mask): void {
  mask.characters += path.length;
  if (mask.characters <= MOST_CHARACTERS) mask.paths.push(path);
}

function addMessage(desc: DescMessage, node: JsonObject, path: string, mask: Mask): void {
  if (node.names.length === 0) addPath(path, mask);
  for (let i = 0; i < node.names.length; i++) {
    const name = node.names[i]!;
    const value = node.values[i]!;
    const field = findField(desc, name, mask.options);
    if (field === undefined) {
      const description = `has no field ${JSON.stringify(shorten(name))}`;
      report(mask.findings, { rule: 'unknown', description });
      continue;
    }
    const below = path === '' ? field.name : `${path}.${field.name}`;
    if (field.fieldKind === 'message' && isObject(value)) addBelow(field.message, value, below, mask);
    else addPath(below, mask);
  }
}

function addBelow(desc: DescMessage, node: JsonObject, path: string, mask: Mask): void {
  const { typeName } = desc;
  if (typeName === 'google.protobuf.Struct' || typeName === 'google.protobuf.Value') {
    addFreeForm(node, path, mask);
  } else if (typeName === 'google.protobuf.Any') addPath(path, mask);
  else addMessage(desc, node, path, mask);
}

/** Adds the leaves of free-form JSON, as Go does; an object without members adds nothing. */
function addFreeForm(node: JsonObject, path: string, mask: Mask): void {
  for (let i = 0; i < node.names.length; i++) {
    const value = node.values[i]!;
    const below = `${path}.${node.names[i]}`;
    if (isObject(value)) addFreeForm(value, below, mask);
    else addPath(below, mask);
  }
}
