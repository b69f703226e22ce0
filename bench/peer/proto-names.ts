import type { DescField, DescMessage } from '@bufbuild/protobuf';

type Json = Readonly<Record<string, unknown>>;

/** JSON of a message with the names of the proto file in place of Go's; free-form JSON within it stays as it is. */
export function withProtoNames(value: unknown, type: DescMessage | undefined): unknown {
  // These have a JSON form of their own, without fields.
  if (type === undefined || type.file.proto.package === 'google.protobuf') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const named = Object.entries(value as Json).map(([key, inner]) => {
    const field = type.fields.find(({ jsonName }) => jsonName === key);
    return field === undefined ? [key, inner] : [field.name, renamed(inner, field)];
  });
  return Object.fromEntries(named);
}

/** The same for what a whole answer has of it: the message, or the one field that is the answer. */
export function renamed(value: unknown, field: DescField): unknown {
  if (field.fieldKind === 'map') {
    const entries = Object.entries((value ?? {}) as Json);
    return Object.fromEntries(entries.map(([key, inner]) => [key, withProtoNames(inner, field.message)]));
  }
  return Array.isArray(value) && field.fieldKind === 'list'
    ? value.map((item) => withProtoNames(item, field.message))
    : withProtoNames(value, field.message);
}
