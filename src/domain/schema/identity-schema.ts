/** A JSON Schema that traits are written by, one tenant's own. Times are RFC 3339 in UTC. */
export interface IdentitySchema {
  /** As the caller chose it. */
  readonly id: string;
  readonly tenant: string;
  /** Counts its writes: its etag. */
  readonly version: number;
  /** The JSON Schema as JSON text; its `properties.traits` is what traits must be. */
  readonly document: string;
  readonly createTime: string;
  readonly updateTime: string;
}

/** A JSON Schema, or a part of one, that is an object; the others are true and false. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** The schema of identities that name none. */
export const DEFAULT_SCHEMA_ID = 'default';

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
