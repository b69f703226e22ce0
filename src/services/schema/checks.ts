import { FacetError } from '../../domain/errors.js';
import { builtInSchema } from '../../domain/schema/default-schema.js';
import { DEFAULT_SCHEMA_ID, type IdentitySchema } from '../../domain/schema/identity-schema.js';
import type { Store, Wait } from '../../storage/store.js';
import { identitySchemas } from './collection.js';
import type { TraitsCheck } from './traits-check.js';

/** How many compiled schemas are kept. */
const KEPT = 500;

/** The checks of the tenants' schemas, compiled once for each document. */
export interface TraitsChecks {
  /**
   * The check by the schema as it now is, whichever process put it. Undefined where the tenant has no such schema.
   * The document is read each time: a schema that was put is in force for every write that begins after it.
   */
  of(tenant: string, id: string, wait: Wait): Promise<TraitsCheck | undefined>;
}

export function createTraitsChecks(store: Store): TraitsChecks {
  const kept = new Map<string, { readonly document: string; readonly check: TraitsCheck }>();
  let builtIn: TraitsCheck | undefined;
  return {
    async of(tenant, id, wait) {
      const found = await store.get(identitySchemas, { tenant, id }, wait);
      if (found === undefined) {
        if (id !== DEFAULT_SCHEMA_ID) return undefined;
        builtIn ??= await compile(builtInSchema(''));
        return builtIn;
      }
      const key = JSON.stringify([tenant, id]);
      const known = kept.get(key);
      kept.delete(key);
      const entry =
        known?.document === found.body.document
          ? known
          : { document: found.body.document, check: await compile(found.body) };
      kept.set(key, entry);
      // The one that was not used for longest is the first.
      if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
      return entry.check;
    },
  };
}

/** The compiler is loaded with the first schema: where no traits are kept, none is needed. */
async function compile(schema: IdentitySchema): Promise<TraitsCheck> {
  const { compileTraitsCheck } = await import('./traits-check.js');
  return compileTraitsCheck(schema);
}

/** One schema of a tenant; the built-in one where `default` was not put. Throws SCHEMA_NOT_FOUND. */
export async function readSchema(
  store: Store,
  tenant: string,
  id: string,
  wait: Wait,
): Promise<IdentitySchema> {
  const found = await store.get(identitySchemas, { tenant, id }, wait);
  if (found !== undefined) return found.body;
  if (id === DEFAULT_SCHEMA_ID) return builtInSchema(tenant);
  throw new FacetError('SCHEMA_NOT_FOUND');
}
