import type { StoredIdentity } from '../../domain/identity.js';
import { IDENTITY_FIELDS, indexIdentity } from '../../domain/identity-index.js';
import { packIdentity, unpackIdentity } from '../../domain/packed-identity.js';
import type { Collection } from '../../storage/store.js';

/** The identities of all tenants. */
export const identities: Collection<StoredIdentity> = {
  name: 'identities',
  fields: IDENTITY_FIELDS,
  everyTenant: ['kind', 'upkeep', 'sessionsEnding'],
  index: indexIdentity,
  packing: { pack: packIdentity, unpack: unpackIdentity },
};
