import type { DescEnum } from '@bufbuild/protobuf';
import { exactInteger } from './decimal.js';
import type { Fault } from './invalid-input.js';
import { type JsonNode, numberText } from './node.js';
import { readVarint32, type Source } from './wire-reader.js';

/** What becomes of enum values that the enum does not have. */
export interface EnumOptions {
  /** Only names are values. */
  readonly strict: boolean;
  /** A name that is not known counts as none at all, as in grpc-gateway. */
  readonly dropUnknown: boolean;
}

/** The enum whose one value is written null. */
export function isNullValue(desc: DescEnum): boolean {
  return desc.typeName === 'google.protobuf.NullValue';
}

/** The reader of an enum's values; undefined is a name to be dropped. */
export function enumReader(
  desc: DescEnum,
  options: EnumOptions,
): (node: JsonNode) => number | Fault | undefined {
  const numbers = new Map(desc.values.map((value) => [value.name, value.number]));
  const known = desc.values.map((value) => value.name).join(', ');
  const fault: Fault = { rule: 'enum', description: `must be one of ${known}` };
  const takesNull = isNullValue(desc);
  return (node) => {
    if (typeof node === 'string') {
      const number = numbers.get(node);
      if (number !== undefined) return number;
      return options.dropUnknown && !options.strict ? undefined : fault;
    }
    if (node === null) return takesNull ? 0 : fault;
    const text = options.strict ? undefined : numberText(node);
    const number = text === undefined ? undefined : exactInteger(text);
    if (number === undefined || number < -0x8000_0000n || number > 0x7fff_ffffn) return fault;
    return Number(number);
  };
}

/** The printer of an enum's values: the name, or the number of one that is not known. */
export function enumPrinter(desc: DescEnum): (source: Source) => string {
  if (isNullValue(desc)) {
    return (source) => {
      readVarint32(source);
      return 'null';
    };
  }
  const names = new Map<number, string>();
  for (const value of desc.values) if (!names.has(value.number)) names.set(value.number, `"${value.name}"`);
  return (source) => {
    const number = readVarint32(source);
    return names.get(number) ?? String(number);
  };
}

/** The printer of an enum's values as text: the name, or the number in quotes. */
export function enumNamePrinter(desc: DescEnum): (source: Source) => string {
  return (source) => {
    const number = readVarint32(source);
    return `"${desc.value[number]?.name ?? number}"`;
  };
}
