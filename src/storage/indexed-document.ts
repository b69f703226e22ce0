import { isStorable } from './storable-text.js';
import type { Collection, FieldType, FieldValue, Indexed, Key } from './store.js';

/** A body made ready for an engine. */
export interface IndexedDocument extends Indexed {
  /** The body as JSON text, the one form that both engines start from. */
  readonly json: string;
}

/**
 * Computes what an engine stores of a body, without repeated claims and tokens.
 * Throws TypeError where the collection's own index breaks the port's rules: that is a mistake in the code.
 */
export function indexDocument<B>(collection: Collection<B>, key: Key, body: B): IndexedDocument {
  checkKey(key);
  const json = JSON.stringify(collection.packing?.pack(body) ?? body) as string | undefined;
  if (json === undefined) throw new TypeError(`${collection.name}: a body must be JSON`);
  const { claims, tokens, fields } = collection.index(body);
  if (claims.length === 0) throw new TypeError(`${collection.name}: a document needs at least one claim`);
  for (const text of [...claims, ...tokens]) {
    if (!isStorable(text))
      throw new TypeError(`${collection.name}: a claim or token holds NUL or a lone surrogate`);
  }
  const values: Record<string, FieldValue> = {};
  for (const [field, type] of Object.entries(collection.fields)) {
    const value = fields[field];
    if (value === undefined || !fits(value, type)) {
      throw new TypeError(`${collection.name}.${field} must be ${type} or null, and storable`);
    }
    values[field] = value;
  }
  return { json, claims: [...new Set(claims)], tokens: [...new Set(tokens)], fields: values };
}

/** The body as it is used, of the one that an engine gives back. */
export function bodyOf<B>({ packing }: Collection<B>, kept: unknown): B {
  return (packing === undefined ? kept : packing.unpack(kept as never)) as B;
}

/** Stands for null in the embedded store, so every number must be greater. Exact as a double and as a 64-bit integer. */
export const LEAST_NUMBER = -(2 ** 63);

/** Whether the value is null or of the field's type, and comes back from every engine as it was. */
export function fits(value: FieldValue, type: FieldType): boolean {
  if (value === null) return true;
  if (type === 'text') return typeof value === 'string' && isStorable(value);
  if (type === 'number') return typeof value === 'number' && value > LEAST_NUMBER && value < Infinity;
  return typeof value === 'boolean';
}

/** A tenant has no slash, so that `<tenant>/<id>` names one document only. */
function checkKey({ tenant, id }: Key): void {
  if (tenant === '' || id === '' || tenant.includes('/') || !isStorable(tenant) || !isStorable(id)) {
    throw new TypeError('a key needs a tenant without a slash and an id, both storable');
  }
}
