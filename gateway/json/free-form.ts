import { survivesAsDouble } from './decimal.js';
import { givenTwice, mustBeArray, mustBeObject } from './faults.js';
import { type Fault, type Findings, report } from './invalid-input.js';
import { isArray, isObject, type JsonNode, type JsonNumber, type JsonObject } from './node.js';
import { beginLength, endLength, type Sink, writeDouble, writeString, writeVarint32 } from './wire-writer.js';

/** How free-form JSON is read: strictly, so that every engine can keep it unaltered, or as Go does. */
export interface FreeFormOptions {
  readonly strict: boolean;
}

/** How deeply free-form JSON may be nested in strict types; the parser's limit holds for the others. */
const MOST_LEVELS = 32;

const tooDeep: Fault = { rule: 'depth', description: `must not be nested deeper than ${MOST_LEVELS} levels` };
const badKey: Fault = { rule: 'key', description: 'must not have the key __proto__' };
const badCharacter: Fault = { rule: 'character', description: 'must not contain the character U+0000' };
const inexact: Fault = { rule: 'range', description: 'must be a number that a double holds exactly' };
const tooLarge: Fault = { rule: 'range', description: 'is too large a number' };

/** Writes the content of a google.protobuf.Struct. */
export function writeStruct(node: JsonNode, sink: Sink, findings: Findings, options: FreeFormOptions): void {
  if (isObject(node)) writeFields(node, sink, findings, options, 1);
  else report(findings, mustBeObject);
}

/** Writes the content of a google.protobuf.ListValue. */
export function writeList(node: JsonNode, sink: Sink, findings: Findings, options: FreeFormOptions): void {
  if (isArray(node)) writeItems(node, sink, findings, options, 1);
  else report(findings, mustBeArray);
}

/** Writes the content of a google.protobuf.Value. */
export function writeValue(node: JsonNode, sink: Sink, findings: Findings, options: FreeFormOptions): void {
  writeAny(node, sink, findings, options, 1);
}

function writeAny(
  node: JsonNode,
  sink: Sink,
  findings: Findings,
  options: FreeFormOptions,
  level: number,
): void {
  if (node === null) {
    writeVarint32(sink, 0x08);
    writeVarint32(sink, 0);
  } else if (typeof node === 'string') {
    if (options.strict && node.includes('\0')) report(findings, badCharacter);
    writeVarint32(sink, 0x1a);
    writeString(sink, node);
  } else if (typeof node === 'boolean') {
    writeVarint32(sink, 0x20);
    writeVarint32(sink, node ? 1 : 0);
  } else if (isArray(node)) {
    writeVarint32(sink, 0x32);
    const start = beginLength(sink);
    writeItems(node, sink, findings, options, level);
    endLength(sink, start);
  } else if (isObject(node)) {
    writeVarint32(sink, 0x2a);
    const start = beginLength(sink);
    writeFields(node, sink, findings, options, level);
    endLength(sink, start);
  } else {
    writeNumber(node, sink, findings, options);
  }
}

function writeNumber(
  node: number | JsonNumber,
  sink: Sink,
  findings: Findings,
  options: FreeFormOptions,
): void {
  const value = typeof node === 'number' ? node : Number(node.text);
  if (!Number.isFinite(value)) report(findings, tooLarge);
  else if (options.strict && typeof node !== 'number' && !survivesAsDouble(node.text))
    report(findings, inexact);
  writeVarint32(sink, 0x11);
  writeDouble(sink, value);
}

function writeItems(
  items: readonly JsonNode[],
  sink: Sink,
  findings: Findings,
  options: FreeFormOptions,
  level: number,
): void {
  if (isTooDeep(findings, options, level)) return;
  for (let i = 0; i < items.length; i++) {
    findings.path.push(i);
    writeVarint32(sink, 0x0a);
    const start = beginLength(sink);
    writeAny(items[i]!, sink, findings, options, level + 1);
    endLength(sink, start);
    findings.path.pop();
  }
}

function writeFields(
  node: JsonObject,
  sink: Sink,
  findings: Findings,
  options: FreeFormOptions,
  level: number,
): void {
  if (isTooDeep(findings, options, level)) return;
  const seen = new Set<string>();
  for (let i = 0; i < node.names.length; i++) {
    const name = node.names[i]!;
    findings.path.push(name);
    if (seen.has(name)) report(findings, givenTwice);
    seen.add(name);
    if (options.strict) checkKey(name, findings);
    writeVarint32(sink, 0x0a);
    const entry = beginLength(sink);
    writeVarint32(sink, 0x0a);
    writeString(sink, name);
    writeVarint32(sink, 0x12);
    const value = beginLength(sink);
    writeAny(node.values[i]!, sink, findings, options, level + 1);
    endLength(sink, value);
    endLength(sink, entry);
    findings.path.pop();
  }
}

function checkKey(name: string, findings: Findings): void {
  if (name === '__proto__') report(findings, badKey);
  else if (name.includes('\0')) report(findings, badCharacter);
}

function isTooDeep(findings: Findings, options: FreeFormOptions, level: number): boolean {
  if (!options.strict || level <= MOST_LEVELS) return false;
  report(findings, tooDeep);
  return true;
}
