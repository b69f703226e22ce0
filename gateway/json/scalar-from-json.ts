import { ScalarType } from '@bufbuild/protobuf';
import { decodeBase64 } from './base64.js';
import { exactInteger } from './decimal.js';
import type { Fault } from './invalid-input.js';
import { type JsonNode, numberText } from './node.js';
import type { ScalarValue } from './scalar-wire.js';

/** Turns a JSON value into that of a scalar field, or says why it cannot be one. */
export type ScalarReader = (node: JsonNode) => ScalarValue | Fault;

const NUMBER_IN_QUOTES = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const mustBeText: Fault = { rule: 'type', description: 'must be a string' };
const mustBeBoolean: Fault = { rule: 'type', description: 'must be true or false' };
const mustBeInteger: Fault = { rule: 'type', description: 'must be an integer' };
const mustBeNumber: Fault = { rule: 'type', description: 'must be a number' };
const mustBeBase64: Fault = { rule: 'type', description: 'must be a base64 string' };
const outOfRange: Fault = { rule: 'range', description: 'is too large a number' };

/** Whether what a reader gave is a fault. */
export function isFault(result: ScalarValue | Fault | undefined): result is Fault {
  return typeof result === 'object' && (result as Fault).rule !== undefined;
}

/** The reader of a scalar type. Unless `strict`, numbers may stand in quotes and floats be NaN or infinite. */
export function scalarReader(type: ScalarType, strict: boolean): ScalarReader {
  switch (type) {
    case ScalarType.STRING:
      return (node) => (typeof node === 'string' ? node : mustBeText);
    case ScalarType.BOOL:
      return (node) => (typeof node === 'boolean' ? node : mustBeBoolean);
    case ScalarType.BYTES:
      return (node) => (typeof node === 'string' && decodeBase64(node, 'optional')) || mustBeBase64;
    case ScalarType.DOUBLE:
      return (node) => readFloat(node, strict, (value) => value);
    case ScalarType.FLOAT:
      return (node) => readFloat(node, strict, Math.fround);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return (node) => readInteger32(node, strict, -0x8000_0000, 0x7fff_ffff);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return (node) => readInteger32(node, strict, 0, 0xffff_ffff);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return (node) => readInteger64(node, strict, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return (node) => readInteger64(node, strict, 0n, 0xffff_ffff_ffff_ffffn);
  }
}

/** The text of a number, in quotes where those are allowed. */
function writtenNumber(node: JsonNode, strict: boolean): string | undefined {
  if (typeof node === 'string') return !strict && NUMBER_IN_QUOTES.test(node) ? node : undefined;
  return numberText(node);
}

function readInteger32(node: JsonNode, strict: boolean, least: number, most: number): number | Fault {
  if (typeof node === 'number') return node >= least && node <= most ? node : rangeFault(least, most);
  const value = readInteger64(node, strict, BigInt(least), BigInt(most));
  return typeof value === 'bigint' ? Number(value) : value;
}

function readInteger64(node: JsonNode, strict: boolean, least: bigint, most: bigint): bigint | Fault {
  const text = typeof node === 'number' ? undefined : writtenNumber(node, strict);
  const value = typeof node === 'number' ? BigInt(node) : text === undefined ? undefined : exactInteger(text);
  if (value === undefined) return mustBeInteger;
  return value >= least && value <= most ? value : rangeFault(least, most);
}

function rangeFault(least: number | bigint, most: number | bigint): Fault {
  return { rule: 'range', description: `must be from ${least} to ${most}` };
}

function readFloat(node: JsonNode, strict: boolean, round: (value: number) => number): number | Fault {
  if (!strict && (node === 'NaN' || node === 'Infinity' || node === '-Infinity')) return Number(node);
  const text = typeof node === 'number' ? node : writtenNumber(node, strict);
  if (text === undefined) return mustBeNumber;
  const value = round(Number(text));
  return Number.isFinite(value) ? value : outOfRange;
}
