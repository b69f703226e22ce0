import { isSchemaObject, type SchemaObject } from './identity-schema.js';
import { resolveReference } from './local-reference.js';
import { markFaults, markOf } from './marks.js';
import { subschemas } from './subschemas.js';

/** The dialects that are spoken, by `$schema`; the first is taken where a document names none. */
export const DIALECTS = new Map([
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
] as const);
export type Dialect = 'draft-07' | '2020-12';

const MOST_BYTES = 64 * 1024;
const DEEPEST = 32;
/** Schemas that one validation can go through, those that are referred to counted each time. */
const MOST_SCHEMAS = 1000;
const MOST_PATTERNS = 32;
/** What items that must differ cost, compared with each other, in schemas. */
const UNIQUE_ITEMS_COST = 200;

/** Keywords that change what a `$ref` means, or whether the answer is one at all. */
const REFUSED = ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef', '$async'];

/** What a document says, read without running it. */
export interface DocumentReport {
  /** Sentences, each with the place that it is about; empty where nothing is wrong. */
  readonly faults: readonly string[];
  readonly dialect: Dialect;
  /** Regular expressions, to be looked into. */
  readonly patterns: readonly string[];
  readonly formats: readonly string[];
  /** How much work a value is to validate, in schemas. */
  readonly cost: number;
}

/** Reads a schema that somebody brings: what it would take to use it, and whether it can be. Runs none of it. */
export function checkDocument(text: string): DocumentReport {
  const faults: string[] = [];
  const report = {
    faults,
    dialect: 'draft-07' as Dialect,
    patterns: [] as string[],
    formats: [] as string[],
  };
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return { ...report, faults: [`must be at most ${MOST_BYTES} bytes of JSON`], cost: 0 };
  }
  const document: unknown = JSON.parse(text);
  checkTree(document, faults);
  if (faults.length > 0) return { ...report, cost: 0 };
  if (!isSchemaObject(document)) return { ...report, faults: ['must be an object'], cost: 0 };
  const dialect = dialectOf(document);
  if (dialect === undefined) faults.push('/$schema: must be draft-07 or 2020-12');
  const traits = resolveReference(document, '#/properties/traits');
  if (!isSchemaObject(traits)) faults.push('/properties/traits: must be the schema of the traits');
  const walk = walkSchemas(document, faults);
  return { ...report, ...walk, dialect: dialect ?? 'draft-07' };
}

function dialectOf({ $schema }: SchemaObject): Dialect | undefined {
  if ($schema === undefined) return 'draft-07';
  return typeof $schema === 'string' ? DIALECTS.get($schema.replace(/#$/, '') as never) : undefined;
}

/** What no JSON here may hold, and what may stand only at the top of a schema. */
function checkTree(value: unknown, faults: string[], pointer = '', level = 1): void {
  if (typeof value !== 'object' || value === null || faults.length > 0) return;
  if (level > DEEPEST) {
    faults.push(`must not be nested deeper than ${DEEPEST} levels`);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const at = `${pointer}/${key}`;
    if (key === '__proto__') faults.push(`${at}: must not be a key`);
    if (level > 1 && key === '$id' && typeof member === 'string')
      faults.push(`${at}: only the document has an id`);
    if (REFUSED.includes(key) && !isSchemaObject(member)) faults.push(`${at}: is not supported`);
    checkTree(member, faults, at, level + 1);
  }
}

/** Goes through every schema that can apply, each once for each way that marks are trusted there. */
function walkSchemas(document: SchemaObject, faults: string[]) {
  const patterns = new Set<string>();
  const formats = new Set<string>();
  const costs = new Map<SchemaObject, { certain?: number; uncertain?: number }>();
  const open = new Set<SchemaObject>();

  const visit = (schema: unknown, pointer: string, certain: boolean): number => {
    if (!isSchemaObject(schema)) return 1;
    const known = costs.get(schema) ?? {};
    costs.set(schema, known);
    const way = certain ? 'certain' : 'uncertain';
    if (known[way] !== undefined) return known[way];
    if (open.has(schema)) {
      faults.push(`${pointer}: refers to itself`);
      return Number.POSITIVE_INFINITY;
    }
    open.add(schema);
    read(schema, pointer, certain);
    let cost = schema.uniqueItems === true ? UNIQUE_ITEMS_COST : 1;
    for (const below of subschemas(schema))
      cost += visit(below.schema, pointer + below.step, certain && below.certain);
    if (schema.$ref !== undefined) cost += follow(schema.$ref, pointer, certain);
    open.delete(schema);
    known[way] = cost;
    return cost;
  };

  const follow = (reference: unknown, pointer: string, certain: boolean): number => {
    const target = resolveReference(document, reference);
    if (target !== undefined) return visit(target, pointer, certain);
    faults.push(`${pointer}/$ref: must point into this document, as in #/definitions/name`);
    return 1;
  };

  const read = (schema: SchemaObject, pointer: string, certain: boolean): void => {
    if (typeof schema.pattern === 'string') patterns.add(schema.pattern);
    if (isSchemaObject(schema.patternProperties))
      for (const pattern of Object.keys(schema.patternProperties)) patterns.add(pattern);
    if (typeof schema.format === 'string') formats.add(schema.format);
    for (const fault of markFaults(schema)) faults.push(`${pointer}: ${fault}`);
    if (!certain && markOf(schema) !== undefined)
      faults.push(`${pointer}: marks stand below properties, items, allOf and $ref only`);
  };

  const cost = visit(document, '', true);
  if (Number.isFinite(cost) && cost > MOST_SCHEMAS)
    faults.push(`must not have more than ${MOST_SCHEMAS} schemas, references followed`);
  if (patterns.size > MOST_PATTERNS) faults.push(`must not have more than ${MOST_PATTERNS} patterns`);
  return { patterns: [...patterns], formats: [...formats], cost };
}
