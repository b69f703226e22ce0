import { invalid } from '../../domain/errors.js';
import type { Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityRecord } from '../../domain/identity.js';
import { changeIdentity } from '../../domain/identity-change.js';
import { DEFAULT_SCHEMA_ID } from '../../domain/schema/identity-schema.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from '../identity/context.js';
import { type CreateOrigin, createIdentity } from '../identity/create.js';
import { rewriteIdentity } from '../identity/write.js';
import { createTraitsChecks } from '../schema/checks.js';
import type { TraitsCheck } from '../schema/traits-check.js';
import { checkedChange, neededSchema, type TraitsChange } from './change.js';

type Key = { readonly tenant: string; readonly id: string };

/** Identities whose traits follow a schema. Throws INVALID_INPUT for traits that do not. */
export interface TraitsOperations {
  /** As createIdentity. */
  create(tenant: string, change: TraitsChange, origin: CreateOrigin, wait: Wait): Promise<IdentityRecord>;
  /**
   * Changes the newest version of a record by what `plan` makes of it, which may run several times.
   * `likely` is the schema that the traits will follow, if that is known before. Throws as updateIdentity.
   */
  rewrite(
    key: Key,
    plan: (record: IdentityRecord) => TraitsChange,
    origin: { contract: ContractName; precondition: Precondition; likely?: string | undefined },
    wait: Wait,
  ): Promise<IdentityRecord>;
}

/** A schema that the newest version of a record turned out to need: it is fetched, and the write begun again. */
class SchemaNeeded extends Error {
  constructor(readonly schemaId: string) {
    super(schemaId);
  }
}

export function traitsOperations(context: IdentityContext): TraitsOperations {
  const checks = createTraitsChecks(context.store);
  const fetch = async (tenant: string, id: string, wait: Wait): Promise<TraitsCheck> => {
    const check = await checks.of(tenant, id, wait);
    if (check !== undefined) return check;
    throw invalid({ field: 'schema_id', description: 'is not a schema', rule: 'schema.unknown' });
  };
  const by = () => ({ now: context.now().toISOString(), newId: context.newId });

  return {
    async create(tenant, change, origin, wait) {
      const check = await fetch(tenant, change.schemaId ?? DEFAULT_SCHEMA_ID, wait);
      const checked = checkedChange({}, { traits: {}, ...change }, check, by());
      return createIdentity(context, tenant, checked, origin, wait);
    },

    async rewrite(key, plan, origin, wait) {
      const fetched = new Map<string, TraitsCheck>();
      let wanted = origin.likely;
      for (;;) {
        if (wanted !== undefined) fetched.set(wanted, await fetch(key.tenant, wanted, wait));
        const origins = { contract: origin.contract, ...by() };
        const change = (record: IdentityRecord) => {
          const planned = plan(record);
          const schemaId = neededSchema(record, planned);
          const check = schemaId === undefined ? undefined : fetched.get(schemaId);
          if (schemaId !== undefined && check === undefined) throw new SchemaNeeded(schemaId);
          return changeIdentity(record, checkedChange(record, planned, check, origins), origins);
        };
        try {
          return await rewriteIdentity(context, key, change, origin, wait);
        } catch (error) {
          if (!(error instanceof SchemaNeeded)) throw error;
          wanted = error.schemaId;
        }
      }
    },
  };
}
