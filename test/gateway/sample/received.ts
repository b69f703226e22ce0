import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { type Message, type Registry, ScalarType, toJson } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';

/**
 * What a handler got, as sorted compact proto3 JSON in ASCII: the text that the recorded server put in x-received.
 */
export function received(type: DescMessage, message: Message, registry: Registry): string {
  let value: JsonValue;
  try {
    refuseEmptyPaths(type, message);
    value = toJson(type, withShortFloats(type, message), { registry });
  } catch (error) {
    return `marshal-error ${(error as Error).message}`;
  }
  const text = JSON.stringify(sorted(value)).replace(/[\x7f-\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return text.length > 3000 ? `(${text.length} bytes)` : text;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as JsonValue)]),
  );
}

// Go refuses what protobuf-es prints: a mask with an empty path.
function refuseEmptyPaths(type: DescMessage, message: Message): void {
  for (const field of type.fields) {
    if (field.message?.typeName !== 'google.protobuf.FieldMask' || field.fieldKind !== 'message') continue;
    const mask = (message as unknown as Record<string, { paths: string[] } | undefined>)[field.localName];
    if (mask?.paths.includes('')) {
      throw new Error('proto: google.protobuf.FieldMask.paths contains invalid path: ""');
    }
  }
}

// Go prints a float with the fewest digits that make it again; JavaScript prints it as the double it has become.
function withShortFloats(type: DescMessage, message: Message): Message {
  const view = reflect(type, message);
  for (const field of type.fields) {
    if (field.fieldKind !== 'scalar' || field.scalar !== ScalarType.FLOAT || !view.isSet(field)) continue;
    const value = view.get(field) as number;
    for (let digits = 1; digits < 10; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) !== value) continue;
      view.set(field, short as never);
      break;
    }
  }
  return message;
}
