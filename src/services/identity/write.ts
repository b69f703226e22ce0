import { FacetError } from '../../domain/errors.js';
import { assertEtag, type Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityChange, IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import { changeIdentity, deletedIdentity } from '../../domain/identity-change.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { takenField } from './create.js';
import { liveRecord } from './read.js';

/**
 * Applies a change to the newest version of a record, however many others change it at once.
 * Throws IDENTITY_NOT_FOUND, ETAG_MISMATCH or ALREADY_EXISTS.
 */
export async function updateIdentity(
  context: IdentityContext,
  key: { tenant: string; id: string },
  change: IdentityChange,
  origin: { contract: ContractName; precondition: Precondition },
  wait: Wait,
): Promise<IdentityRecord> {
  const by = { contract: origin.contract, now: context.now().toISOString() };
  return rewriteIdentity(context, key, (record) => changeIdentity(record, change, by), origin, wait);
}

/**
 * Puts what a pure function makes of a record in its place. Throws IDENTITY_NOT_FOUND, ETAG_MISMATCH or
 * ALREADY_EXISTS.
 */
export async function rewriteIdentity(
  context: Pick<IdentityContext, 'store'>,
  key: { tenant: string; id: string },
  change: (record: IdentityRecord) => IdentityRecord,
  { precondition }: { precondition: Precondition },
  wait: Wait,
): Promise<IdentityRecord> {
  const apply = (stored: StoredIdentity) => {
    const record = liveRecord(stored);
    assertEtag(record, precondition);
    return change(record);
  };
  try {
    return liveRecord((await mutate(context.store, identities, key, apply, wait))?.body);
  } catch (error) {
    if (error instanceof ClaimTakenError) throw takenField(error.claim) ?? new FacetError('ALREADY_EXISTS');
    throw error;
  }
}

/**
 * Deletes an identity. Once this resolves it is gone for every reader; its logins are ended and its secrets
 * wiped before, or by the sweeper where that fails. Throws IDENTITY_NOT_FOUND or ETAG_MISMATCH.
 */
export async function deleteIdentity(
  context: IdentityContext,
  key: { tenant: string; id: string },
  precondition: Precondition,
  wait: Wait,
): Promise<void> {
  const now = context.now().toISOString();
  const document = await mutate(
    context.store,
    identities,
    key,
    (stored) => {
      const record = liveRecord(stored);
      assertEtag(record, precondition);
      return deletedIdentity(record, now);
    },
    wait,
  );
  if (document === undefined) throw new FacetError('IDENTITY_NOT_FOUND');
  try {
    await context.cleanUp(key.tenant, key.id);
  } catch (error) {
    context.log.warn(
      { err: error, identity: key.id },
      'the clean-up of a deleted identity is left to the sweeper',
    );
  }
}
