import { isDeepStrictEqual } from 'node:util';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** Both schemas in one: of two bounds the tighter one, other keywords that they share in `allOf`. */
export function both(one: JsonSchema, other: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = { ...one };
  const rest: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(other)) {
    const before = merged[keyword];
    if (before === undefined || before === value) merged[keyword] = value;
    else if (LEAST.includes(keyword)) merged[keyword] = Math.max(before as number, value as number);
    else if (MOST.includes(keyword)) merged[keyword] = Math.min(before as number, value as number);
    else rest[keyword] = value;
  }
  if (Object.keys(rest).length === 0) return merged;
  return { ...merged, allOf: [...((merged.allOf as JsonSchema[] | undefined) ?? []), rest] };
}

/** What any of the schemas allows; those that are the same count once. */
export function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const parts = schemas.flatMap((schema) =>
    isOnlyAnyOf(schema) ? (schema.anyOf as JsonSchema[]) : [schema],
  );
  const different = parts.filter(
    (part, index) => parts.findIndex((other) => isDeepStrictEqual(part, other)) === index,
  );
  return different.length === 1 ? different[0]! : { anyOf: different };
}

function isOnlyAnyOf(schema: JsonSchema): boolean {
  return Object.keys(schema).length === 1 && Array.isArray(schema.anyOf);
}

/** The schema, or null. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (Object.keys(schema).length === 0 || type === 'null') return schema;
  const isOpen = type !== undefined && !('enum' in schema) && !('const' in schema);
  return isOpen ? { ...schema, type: [type, 'null'].flat() } : anyOf([schema, { type: 'null' }]);
}

/** The schema with a description; an empty one is left out. */
export function described(schema: JsonSchema, description: string): JsonSchema {
  return description === '' ? schema : { description, ...schema };
}

/** Paragraphs, without those that are empty. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
