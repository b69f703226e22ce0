import type { MergedIdentity } from '../../domain/identity.js';
import { afterDecision, decideMerge, hasTaken, withoutIntent } from '../../domain/merged-identity.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Store, Wait } from '../../storage/store.js';
import { identities } from './collection.js';

/**
 * Finishes a merge whose source has become a pointer: whoever comes across one may, as often as it likes, since only one
 * write decides and all others follow from it. Whether the target has taken the source in.
 */
export async function settleMerge(store: Store, pointer: MergedIdentity, wait?: Wait): Promise<boolean> {
  const { tenant, id, target, attempt } = pointer;
  const at = { tenant, id: target };
  const decided = await mutate(store, identities, at, (stored) => decideMerge(stored, pointer), wait).catch(
    (error: unknown) => {
      if (!(error instanceof ClaimTakenError)) throw error;
      // What the two would be together is somebody else's.
      return mutate(store, identities, at, (stored) => withoutIntent(stored, attempt), wait);
    },
  );
  const taken = hasTaken(decided?.body, pointer);
  await mutate(store, identities, { tenant, id }, (stored) => afterDecision(stored, attempt, taken), wait);
  return taken;
}
