import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { findField, type NameOptions } from './field-name.js';
import { createFindings, refuseIfAny, report, shorten } from './invalid-input.js';
import { isObject, type JsonNode } from './node.js';
import { writePaths } from './well-known-from-json.js';
import { beginLength, endLength, openSink, tagOf, takeBytes, writeVarint32 } from './wire-writer.js';

/**
 * The fields that a body names at its top level, in its order and in proto names; unknown keys are left out.
 * `VALUES` leaves out those that are null, too.
 */
export function keysMask(
  desc: DescMessage,
  node: JsonNode | undefined,
  mode: 'KEYS' | 'VALUES',
  options: NameOptions,
): string[] {
  const paths: string[] = [];
  if (!isObject(node)) return paths;
  for (let i = 0; i < node.names.length; i++) {
    const field = findField(desc, node.names[i]!, options);
    if (field !== undefined && (mode === 'KEYS' || node.values[i] !== null)) paths.push(field.name);
  }
  return paths;
}

/**
 * The mask that grpc-gateway makes for a PATCH whose body is a field of the request: the path of every leaf of
 * the body, sorted; `{}` gives one empty path, no body gives none.
 *
 * @throws InvalidInput for a key that the message does not have, which an ordinary body may have.
 */
export function patchMask(desc: DescMessage, node: JsonNode | undefined, options: NameOptions): string[] {
  const paths: string[] = [];
  const findings = createFindings();
  const visit = (message: DescMessage, value: JsonNode, path: string) => {
    if (!isObject(value) || value.names.length === 0) {
      if (path !== '' || isObject(value)) paths.push(path);
      return;
    }
    for (let i = 0; i < value.names.length; i++) {
      const key = value.names[i]!;
      const field = findField(message, key, options);
      if (field === undefined) {
        report(findings, { rule: 'unknown', description: `has no field ${JSON.stringify(shorten(key))}` });
        continue;
      }
      const below = path === '' ? field.name : `${path}.${field.name}`;
      const child = value.values[i]!;
      if (field.fieldKind !== 'message') paths.push(below);
      else if (isFreeForm(field.message)) paths.push(...freeFormPaths(child, below));
      else if (field.message.typeName === 'google.protobuf.Any') paths.push(below);
      else visit(field.message, child, below);
    }
  };
  if (node !== undefined) visit(desc, node, '');
  refuseIfAny(findings);
  return paths.sort();
}

function isFreeForm(desc: DescMessage): boolean {
  return desc.typeName === 'google.protobuf.Struct' || desc.typeName === 'google.protobuf.Value';
}

/** The paths of the leaves of free-form JSON. An object without members has none. */
function freeFormPaths(node: JsonNode, path: string): string[] {
  if (!isObject(node)) return [path];
  return node.names.flatMap((name, i) => freeFormPaths(node.values[i]!, `${path}.${name}`));
}

/** A mask as it stands in the request's bytes: the field set, even to no paths at all. */
export function encodeMask(requestField: DescField, paths: readonly string[]): Uint8Array {
  const sink = openSink();
  writeVarint32(sink, tagOf(requestField, 2));
  const start = beginLength(sink);
  writePaths(paths, sink);
  endLength(sink, start);
  return takeBytes(sink);
}
