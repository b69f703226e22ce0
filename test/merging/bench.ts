import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { ContractName, IdentityChange, IdentityRecord } from '../../src/domain/identity.js';
import { identities } from '../../src/services/identity/collection.js';
import type { IdentityContext } from '../../src/services/identity/context.js';
import { identityOperations } from '../../src/services/identity/operations.js';
import { createIdentityUpkeep } from '../../src/services/identity/upkeep.js';
import { createPageTokens } from '../../src/services/page-token.js';
import type { Store } from '../../src/storage/store.js';

/** The identity service of one process, without a way in. */
export function createMergeBench(store: Store, tenant: string, ahead: () => number = () => 0) {
  const log = pino({ level: 'silent' });
  const now = () => new Date(Date.now() + ahead());
  const context: IdentityContext = {
    store,
    now,
    newId: uuidv7,
    pageTokens: createPageTokens([Buffer.alloc(32)]),
    cleanUp: async () => undefined,
    log,
  };
  const operations = identityOperations(context);
  const create = (change: IdentityChange, contract: ContractName = 'core') =>
    operations.create(tenant, change, { contract }, {});
  const merge = (target: string, source: string) =>
    operations.merge({ tenant, target, source, precondition: undefined, sourcePrecondition: undefined }, {});
  const get = (id: string) => operations.get(tenant, id, {});
  const update = (id: string, change: IdentityChange) =>
    operations.update({ tenant, id }, change, { contract: 'core', precondition: undefined }, {});
  const remove = (id: string) => operations.delete({ tenant, id }, undefined, {});
  const list = async (): Promise<IdentityRecord[]> => {
    const order = { field: 'id', descending: false };
    return (await operations.list(tenant, { order, limit: 1000, maxBytes: 1e9 }, {})).records;
  };
  const stored = (id: string) => store.get(identities, { tenant, id });
  const { sweep, reindex } = createIdentityUpkeep({ store, now, log });
  return { create, merge, get, update, remove, list, stored, sweep, reindex, lookup: operations.lookup };
}

export type MergeBench = ReturnType<typeof createMergeBench>;
