import { type DescEnum, type DescField, ScalarType } from '@bufbuild/protobuf';
import { decodeBase64 } from '../json/base64.js';
import type { Fault } from '../json/invalid-input.js';
import { enumForm, type ScalarForm, type ScalarValue, scalarForm } from '../json/scalar-wire.js';
import { parseBool, parseFloating, parseInteger } from './go-number.js';

/** How text outside of JSON is read, for which Go has one set of functions for queries and one for paths. */
export interface TextRules {
  readonly place: 'query' | 'path';
  /** Whether only a contract's own spelling is read. */
  readonly strict: boolean;
}

/** How a scalar or enum is read from text, and how written. */
export interface TextType {
  readonly form: ScalarForm;
  readonly read: (text: string) => ScalarValue | Fault;
}

const mustBeBoolean: Fault = { rule: 'type', description: 'must be true or false' };
const mustBeInteger: Fault = { rule: 'type', description: 'must be an integer' };
const mustBeNumber: Fault = { rule: 'type', description: 'must be a number' };
const mustBeBase64: Fault = { rule: 'type', description: 'must be base64 with padding' };

/** The text form of a scalar or enum field, of a list's elements, or of a map's values. */
export function textType(field: DescField, rules: TextRules): TextType {
  if (field.enum) return enumText(field.enum, rules);
  if (field.scalar === undefined) throw new TypeError(`${field} is neither scalar nor enum`);
  return scalarText(field.scalar, rules);
}

/** The text form of a scalar type. */
export function scalarText(type: ScalarType, rules: TextRules): TextType {
  return { form: scalarForm(type), read: scalarTextReader(type, rules) };
}

function scalarTextReader(type: ScalarType, rules: TextRules): TextType['read'] {
  switch (type) {
    case ScalarType.STRING:
      return (text) => text;
    case ScalarType.BOOL:
      return (text) => (rules.strict ? strictBool(text) : parseBool(text)) ?? mustBeBoolean;
    case ScalarType.BYTES:
      return (text) => decodeBase64(text, 'required') ?? mustBeBase64;
    case ScalarType.DOUBLE:
      return (text) => parseFloating(text, (value) => value) ?? mustBeNumber;
    case ScalarType.FLOAT:
      return (text) => parseFloating(text, Math.fround) ?? mustBeNumber;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return integerReader(rules, 32, true);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integerReader(rules, 32, false);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return integerReader(rules, 64, true);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return integerReader(rules, 64, false);
  }
}

/** A contract's booleans: its documents write 1 and 0 too. */
function strictBool(text: string): boolean | undefined {
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

function integerReader(rules: TextRules, bits: 32 | 64, signed: boolean): TextType['read'] {
  const base = baseOf(rules);
  const least = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const outOfRange: Fault = { rule: 'range', description: `must be from ${least} to ${most}` };
  return (text) => {
    const value = parseInteger(text, base, signed);
    if (value === undefined) return mustBeInteger;
    if (value < least || value > most) return outOfRange;
    return bits === 32 ? Number(value) : value;
  };
}

/** Names, and unless strict known numbers, of an enum. */
function enumText(desc: DescEnum, rules: TextRules): TextType {
  const numbers = new Map(desc.values.map((value) => [value.name, value.number]));
  const known = new Set(desc.values.map((value) => value.number));
  const fault: Fault = { rule: 'enum', description: `must be one of ${[...numbers.keys()].join(', ')}` };
  return {
    form: enumForm,
    read: (text) => {
      const named = numbers.get(text);
      if (named !== undefined || rules.strict) return named ?? fault;
      const number = parseInteger(text, baseOf(rules), true);
      return number !== undefined && known.has(Number(number)) ? Number(number) : fault;
    },
  };
}

/** Go reads integers in a path as literals of its own: 0x10, 010 and 1_000 are numbers. */
function baseOf(rules: TextRules): 0 | 10 {
  return rules.place === 'path' ? 0 : 10;
}
