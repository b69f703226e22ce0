import { isSchemaObject, type SchemaObject } from './identity-schema.js';

/** The keyword of identifiers and addresses, as schemas of admin's callers have it. */
export const IDENTIFIER_KEYWORD = 'ory.sh/kratos';
/** The keyword of fields that other contracts read from a trait. */
export const FIELD_KEYWORD = 'x-facet-field';

export const MARKED_FIELDS = [
  'given_name',
  'middle_name',
  'family_name',
  'display_name',
  'job_title',
] as const;
export type MarkedField = (typeof MARKED_FIELDS)[number];

/** The credentials that a trait can be an identifier of. */
export const IDENTIFIED = ['password', 'webauthn', 'passkey', 'code'] as const;

/** What a schema says of a trait beyond its shape. */
export interface Mark {
  readonly identifies: readonly (typeof IDENTIFIED)[number][];
  readonly verified: 'email' | 'sms' | undefined;
  readonly recovers: 'email' | 'sms' | undefined;
  readonly field: MarkedField | undefined;
}

/** The mark of a schema; undefined where it has none. What is wrong with it is `markFaults`' to say. */
export function markOf(schema: SchemaObject): Mark | undefined {
  const keyword = schema[IDENTIFIER_KEYWORD];
  const field = schema[FIELD_KEYWORD];
  if (keyword === undefined && field === undefined) return undefined;
  const member = (name: string) => (isSchemaObject(keyword) ? keyword[name] : undefined);
  const credentials = member('credentials');
  return {
    identifies: IDENTIFIED.filter((name) => {
      const credential = isSchemaObject(credentials) ? credentials[name] : undefined;
      return isSchemaObject(credential) && credential.identifier === true;
    }),
    verified: viaOf(member('verification')),
    recovers: viaOf(member('recovery')),
    field: MARKED_FIELDS.find((name) => name === field),
  };
}

/** What is wrong with the marks of a schema, as sentences about it. */
export function markFaults(schema: SchemaObject): string[] {
  const faults: string[] = [];
  const keyword = schema[IDENTIFIER_KEYWORD];
  if (keyword !== undefined && !isSchemaObject(keyword))
    faults.push(`${IDENTIFIER_KEYWORD} must be an object`);
  for (const name of ['verification', 'recovery']) {
    const value = isSchemaObject(keyword) ? keyword[name] : undefined;
    // Other products' schemas have an empty one, which asks for nothing.
    if (value === undefined || (isSchemaObject(value) && value.via === undefined)) continue;
    if (viaOf(value) === undefined) faults.push(`${name} must say via email or sms`);
  }
  const field = schema[FIELD_KEYWORD];
  if (field !== undefined && !MARKED_FIELDS.some((name) => name === field))
    faults.push(`${FIELD_KEYWORD} must be one of ${MARKED_FIELDS.join(', ')}`);
  return faults;
}

function viaOf(value: unknown): 'email' | 'sms' | undefined {
  const via = isSchemaObject(value) ? value.via : undefined;
  return via === 'email' || via === 'sms' ? via : undefined;
}
