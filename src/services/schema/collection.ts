import { claim } from '../../domain/identity-index.js';
import type { IdentitySchema } from '../../domain/schema/identity-schema.js';
import type { Collection } from '../../storage/store.js';

/** The identity schemas of all tenants. */
export const identitySchemas: Collection<IdentitySchema> = {
  name: 'identity_schemas',
  fields: {},
  index: ({ id }) => ({ claims: [claim('id', id)], tokens: [], fields: {} }),
};
