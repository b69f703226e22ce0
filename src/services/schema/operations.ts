import { FacetError, invalid } from '../../domain/errors.js';
import { assertEtag, type Precondition } from '../../domain/etag.js';
import { schemaToken } from '../../domain/identity-index.js';
import { builtInSchema } from '../../domain/schema/default-schema.js';
import { DEFAULT_SCHEMA_ID, type IdentitySchema } from '../../domain/schema/identity-schema.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Store, Wait } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import { assertTenantName } from '../keys/tenant-name.js';
import type { Place } from '../page-token.js';
import { readSchema } from './checks.js';
import { identitySchemas } from './collection.js';
import { assertHarmless } from './harmless.js';

interface Context {
  readonly store: Store;
  readonly now: () => Date;
}

/** A schema to put. `document` is JSON text. */
export interface NewSchema {
  readonly tenant: string;
  readonly id: string;
  readonly document: string;
}

/** The identity schemas of a tenant. Throws SCHEMA_NOT_FOUND. */
export interface SchemaOperations {
  /** Throws INVALID_INPUT, or ALREADY_EXISTS where the tenant has put one under that id. */
  create(schema: NewSchema, wait: Wait): Promise<IdentitySchema>;
  /** Throws INVALID_INPUT or ETAG_MISMATCH. */
  update(schema: NewSchema, precondition: Precondition, wait: Wait): Promise<IdentitySchema>;
  get(tenant: string, id: string, wait: Wait): Promise<IdentitySchema>;
  /** Those that were put, by id. */
  list(
    tenant: string,
    page: { readonly limit: number; readonly after: Place | undefined },
    wait: Wait,
  ): Promise<{ readonly schemas: IdentitySchema[]; readonly next: Place | undefined }>;
  /** Throws SCHEMA_IN_USE where identities have traits by it; `default` goes back to the built-in one. */
  delete(tenant: string, id: string, precondition: Precondition, wait: Wait): Promise<void>;
}

export function schemaOperations(context: Context): SchemaOperations {
  const { store } = context;
  return {
    async create(schema, wait) {
      await assertUsable(schema);
      return insertSchema(context, schema, wait);
    },
    async update(schema, precondition, wait) {
      await readSchema(store, schema.tenant, schema.id, wait);
      await assertUsable(schema);
      return replaceSchema(context, schema, precondition, wait);
    },
    get: (tenant, id, wait) => readSchema(store, tenant, id, wait),
    async list(tenant, { limit, after }, wait) {
      const found = await store.find(
        identitySchemas,
        { tenant, limit: limit + 1, ...(after && { after }) },
        wait,
      );
      const schemas = found.slice(0, limit).map(({ body }) => body);
      const last = found.length > limit ? schemas.at(-1) : undefined;
      return { schemas, next: last && { value: last.id, id: last.id } };
    },
    async delete(tenant, id, precondition, wait) {
      const found = await store.get(identitySchemas, { tenant, id }, wait);
      if (found === undefined) throw new FacetError('SCHEMA_NOT_FOUND');
      assertEtag(found.body, precondition);
      if (id !== DEFAULT_SCHEMA_ID) {
        // An identity that is made between this look and the removal keeps its traits, which the next write refuses.
        const where = [{ token: schemaToken(id) }];
        const [used] = await store.find(identities, { tenant, where, limit: 1 }, wait);
        if (used !== undefined) throw new FacetError('SCHEMA_IN_USE');
      }
      const removed = await store.remove(identitySchemas, { tenant, id }, found.revision, wait);
      if (!removed) throw new FacetError('ETAG_MISMATCH');
    },
  };
}

/** Makes a schema, or puts it in the place of the one of its id. Throws INVALID_INPUT. */
export async function putSchema(
  context: Context,
  schema: NewSchema,
  wait: Wait = {},
): Promise<IdentitySchema> {
  assertTenantName(schema.tenant);
  await assertUsable(schema);
  const found = await context.store.get(identitySchemas, schema, wait);
  if (found === undefined) return insertSchema(context, schema, wait);
  return replaceSchema(context, schema, undefined, wait);
}

async function insertSchema(context: Context, put: NewSchema, wait: Wait): Promise<IdentitySchema> {
  const { id, tenant, document } = put;
  const time = context.now().toISOString();
  const schema = { id, tenant, version: 1, document, createTime: time, updateTime: time };
  try {
    return (await context.store.insert(identitySchemas, { tenant, id }, schema, wait)).body;
  } catch (error) {
    if (!(error instanceof ClaimTakenError)) throw error;
    throw new FacetError('ALREADY_EXISTS', {
      message: 'The tenant already has a schema of this id.',
      violations: [{ field: 'schema.id', description: 'is already taken', rule: 'unique' }],
    });
  }
}

/** The built-in one is replaced by a first one of the tenant's own. */
async function replaceSchema(
  context: Context,
  { tenant, id, document }: NewSchema,
  precondition: Precondition,
  wait: Wait,
): Promise<IdentitySchema> {
  const updateTime = context.now().toISOString();
  const replace = (before: IdentitySchema): IdentitySchema => {
    assertEtag(before, precondition);
    const same = before.document === document;
    return same ? before : { ...before, document, version: before.version + 1, updateTime };
  };
  const replaced = await mutate(context.store, identitySchemas, { tenant, id }, replace, wait);
  if (replaced !== undefined) return replaced.body;
  if (id !== DEFAULT_SCHEMA_ID) throw new FacetError('SCHEMA_NOT_FOUND');
  assertEtag(builtInSchema(tenant), precondition);
  return insertSchema(context, { tenant, id, document }, wait);
}

/** Throws INVALID_INPUT for an id that none can have, and for a document that could do harm. */
async function assertUsable({ id, document }: NewSchema): Promise<void> {
  assertSchemaId(id);
  await assertHarmless(document);
}

const SCHEMA_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function assertSchemaId(id: string): void {
  if (SCHEMA_ID.test(id)) return;
  const description = 'must be up to 128 letters, digits and . _ -, the first a letter or digit';
  throw invalid({ field: 'schema.id', description, rule: 'string.schema_id' });
}
