import { isSchemaObject } from './identity-schema.js';

/** What a `$ref` may be: a JSON Pointer (RFC 6901) within its own document, as a URI fragment. */
const POINTER = /^#(?:\/.*)?$/s;

/** The part of the document that a `$ref` names; undefined where it is no pointer, or points at nothing. */
export function resolveReference(document: unknown, reference: unknown): unknown {
  if (typeof reference !== 'string' || !POINTER.test(reference)) return undefined;
  let found = document;
  for (const token of reference.split('/').slice(1)) {
    const key = decoded(token)?.replace(/~1/g, '/').replace(/~0/g, '~');
    if (key === undefined) return undefined;
    if (Array.isArray(found)) found = /^\d+$/.test(key) ? found[Number(key)] : undefined;
    else found = isSchemaObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

function decoded(token: string): string | undefined {
  try {
    return decodeURIComponent(token);
  } catch {
    return undefined;
  }
}
