import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { PathField } from './invalid-input.js';
import type { JsonOptions } from './options.js';

/** What of the options a field's name depends on. */
export type NameOptions = Pick<JsonOptions, 'names' | 'types'>;

/** The name under which a field is printed. */
export function printedName(field: DescField, names: JsonOptions['names']): string {
  return names === 'json' ? field.jsonName : field.name;
}

/** A field as a step of a path. */
export function pathField(field: DescField, names: JsonOptions['names']): PathField {
  return { protoName: field.name, shownName: printedName(field, names) };
}

const found = {
  json: new WeakMap<DescMessage, Map<string, DescField>>(),
  proto: new WeakMap<DescMessage, Map<string, DescField>>(),
  both: new WeakMap<DescMessage, Map<string, DescField>>(),
};

/** The field of a message that a query parameter or a mask names: of two, the one whose proto name it is. */
export function findField(
  desc: DescMessage,
  name: string,
  { names, types }: NameOptions,
): DescField | undefined {
  const known = types === 'strict' ? found[names] : found.both;
  let fields = known.get(desc);
  if (fields === undefined) {
    fields = new Map();
    if (known !== found.proto) for (const field of desc.fields) fields.set(field.jsonName, field);
    if (known !== found.json) for (const field of desc.fields) fields.set(field.name, field);
    known.set(desc, fields);
  }
  return fields.get(name);
}
