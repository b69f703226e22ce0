import { FacetError } from '../../domain/errors.js';
import { assertEtag, type Precondition } from '../../domain/etag.js';
import type { ContractName, IdentityChange, IdentityRecord } from '../../domain/identity.js';
import { changeIdentity, deletedIdentity } from '../../domain/identity-change.js';
import { ClaimTakenError } from '../../storage/errors.js';
import type { Wait } from '../../storage/store.js';
import type { IdentityContext } from './context.js';
import { takenField } from './create.js';
import { liveRecord } from './live-record.js';
import { mutateIdentity } from './resolve.js';
import { releaseStaleClaim } from './stale-claim.js';

/** How many stale claims are freed for one write. */
const ATTEMPTS = 10;

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
  const apply = (record: IdentityRecord) => {
    assertEtag(record, precondition);
    return change(record);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return liveRecord((await mutateIdentity(context.store, key, apply, wait))?.body);
    } catch (error) {
      if (!(error instanceof ClaimTakenError)) throw error;
      const freed =
        attempt < ATTEMPTS && (await releaseStaleClaim(context.store, key.tenant, error.claim, wait));
      if (!freed) throw takenField(error.claim) ?? new FacetError('ALREADY_EXISTS');
    }
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
  const remove = (record: IdentityRecord) => {
    assertEtag(record, precondition);
    return deletedIdentity(record, now);
  };
  const document = await mutateIdentity(context.store, key, remove, wait);
  if (document === undefined) throw new FacetError('IDENTITY_NOT_FOUND');
  try {
    await context.cleanUp(key.tenant, document.id);
  } catch (error) {
    context.log.warn(
      { err: error, identity: document.id },
      'the clean-up of a deleted identity is left to the sweeper',
    );
  }
}
