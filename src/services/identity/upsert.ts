import { shownKey } from '../../domain/agents.js';
import { FacetError, type Reason } from '../../domain/errors.js';
import type { Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityChange, IdentityRecord } from '../../domain/identity.js';
import { changeIdentity } from '../../domain/identity-change.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from './context.js';
import { createIdentity } from './create.js';
import { lookupIdentity } from './read.js';
import { rewriteIdentity } from './write.js';

/** Where an upsert comes from, and what it depends on: where that is not nothing, it creates none. */
export interface UpsertOrigin {
  readonly contract: ContractName;
  readonly precondition: Precondition;
}

/** How often an upsert looks again when the identity was made, deleted or given another key meanwhile. */
const ATTEMPTS = 20;

/**
 * Changes the identity that has the key in the project, or creates it. Of many at once for a new key one creates,
 * and the others change what it made. Throws ETAG_MISMATCH, or CONTENTION where others kept coming first.
 */
export async function upsertIdentity(
  context: IdentityContext,
  tenant: string,
  key: { readonly projectId: string | null; readonly identifierKey: string },
  change: IdentityChange,
  origin: UpsertOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  const { projectId, identifierKey: value } = key;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await unless('IDENTITY_NOT_FOUND', () =>
      lookupIdentity(context, tenant, { kind: 'identifier_key', value, projectId }, wait),
    );
    const done =
      found === undefined
        ? await unless('ALREADY_EXISTS', () => create(context, tenant, change, origin, wait))
        : await unless('IDENTITY_NOT_FOUND', () => update(context, found, change, origin, wait));
    if (done !== undefined) return done;
  }
  throw new FacetError('CONTENTION');
}

async function create(
  context: IdentityContext,
  tenant: string,
  change: IdentityChange,
  { contract, precondition }: UpsertOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  if (precondition !== undefined) throw new FacetError('ETAG_MISMATCH');
  return createIdentity(context, tenant, change, { contract }, wait);
}

/** Changes all but the key that the identity was found by. Throws IDENTITY_NOT_FOUND where it has another one now. */
function update(
  context: IdentityContext,
  found: IdentityRecord,
  change: IdentityChange,
  { contract, precondition }: UpsertOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  const by = { contract, now: context.now().toISOString() };
  const agents = { ...change.agents, identifierKey: undefined, projectId: undefined };
  const apply = (record: IdentityRecord) => {
    const isFound =
      shownKey(record) === shownKey(found) && record.agents.projectId === found.agents.projectId;
    if (!isFound) throw new FacetError('IDENTITY_NOT_FOUND');
    return changeIdentity(record, { ...change, agents }, by);
  };
  return rewriteIdentity(context, found, apply, { precondition }, wait);
}

/** What the step gives; undefined where it fails for this reason, so that another look is needed. */
async function unless<T>(reason: Reason, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof FacetError && error.reason === reason) return undefined;
    throw error;
  }
}
