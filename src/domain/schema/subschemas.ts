import { isSchemaObject, type SchemaObject } from './identity-schema.js';

/** A schema directly below another. */
export interface Subschema {
  /** A JSON Pointer from the one above. */
  readonly step: string;
  readonly schema: unknown;
  /** Whether whatever is valid is valid by it, too: the marks in it can be trusted. */
  readonly certain: boolean;
}

/** Whether `certain`, by the shape of the value; `definitions` apply only where something refers to them. */
const ONE = { items: true, additionalProperties: false, additionalItems: false, contains: false };
const MORE_OF_ONE = [
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const LISTS = { allOf: true, anyOf: false, oneOf: false, prefixItems: false, items: false };
const MAPS = { properties: true, patternProperties: false, dependentSchemas: false, dependencies: false };

const SINGLES = new Map([
  ...Object.entries(ONE),
  ...MORE_OF_ONE.map((keyword): [string, boolean] => [keyword, false]),
]);
const SEQUENCES = new Map(Object.entries(LISTS));
const NAMED = new Map(Object.entries(MAPS));

/** The schemas directly below one, by the keywords of draft-07 and 2020-12. */
export function subschemas(schema: SchemaObject): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]): Subschema[] => {
    const step = `/${escaped(keyword)}`;
    if (Array.isArray(value)) {
      const certain = SEQUENCES.get(keyword);
      if (certain === undefined) return [];
      return value.map((schema, at) => ({ step: `${step}/${at}`, schema, certain }));
    }
    if (!isSchemaObject(value)) return [];
    const single = SINGLES.get(keyword);
    if (single !== undefined) return [{ step, schema: value, certain: single }];
    const certain = NAMED.get(keyword);
    if (certain === undefined) return [];
    return Object.entries(value).map(([name, schema]) => ({
      step: `${step}/${escaped(name)}`,
      schema,
      certain,
    }));
  });
}

function escaped(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1');
}
