import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { findField, type NameOptions } from './field-name.js';
import { isObject, type JsonNode } from './node.js';
import { writePaths } from './well-known-from-json.js';
import { beginLength, endLength, openSink, tagOf, takeBytes, writeVarint32 } from './wire-writer.js';

export { patchMask } from './patch-mask.js';

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

/** A mask as it stands in the request's bytes: the field set, even to no paths at all. */
export function encodeMask(requestField: DescField, paths: readonly string[]): Uint8Array {
  const sink = openSink();
  writeVarint32(sink, tagOf(requestField, 2));
  const start = beginLength(sink);
  writePaths(paths, sink);
  endLength(sink, start);
  return takeBytes(sink);
}
