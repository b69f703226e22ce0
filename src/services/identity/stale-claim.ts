import type { AbsorbedIdentity, IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import { shownClaims } from '../../domain/identity-index.js';
import { currentIdentity } from '../../domain/identity-shape.js';
import { mutate } from '../../storage/mutate.js';
import type { Document, Store, Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import { resolveIdentity } from './resolve.js';

/**
 * Frees a claim that a pointer still keeps though its identity no longer has the value, or is gone. Whether it is worth
 * trying again. The record lets go first, in a write that another one of it excludes: from then on it would have to
 * claim the value itself.
 */
export async function releaseStaleClaim(
  store: Store,
  tenant: string,
  claim: string | undefined,
  wait: Wait,
): Promise<boolean> {
  if (claim === undefined) return false;
  const holder = await store.getByClaim(identities, tenant, claim, wait);
  if (holder?.body.kind !== 'merged' || holder.body.source !== null) return false;
  const found = await resolveIdentity(store, holder, wait);
  if (found?.body.kind === 'merged') return false;
  if (found?.body.kind === 'identity' && !(await letGo(store, found, claim, wait))) return false;
  await mutate(
    store,
    identities,
    { tenant, id: holder.id },
    (stored) => (stored.kind === 'merged' ? { ...stored, claims: without(stored.claims, claim) } : stored),
    wait,
  );
  return true;
}

/** Whether the record no longer counts on the pointer's claim. */
async function letGo(
  store: Store,
  { tenant, id }: Document<StoredIdentity>,
  claim: string,
  wait: Wait,
): Promise<boolean> {
  const after = await mutate(
    store,
    identities,
    { tenant, id },
    (stored) => {
      if (stored.kind !== 'identity' || isShown(stored, claim)) return stored;
      const record = currentIdentity(stored);
      return countsOn(record, claim)
        ? { ...record, absorbed: record.absorbed.map(lettingGo(claim)) }
        : stored;
    },
    wait,
  );
  return after?.body.kind !== 'identity' || !countsOn(currentIdentity(after.body), claim);
}

function isShown(stored: IdentityRecord, claim: string): boolean {
  return shownClaims(currentIdentity(stored)).includes(claim);
}

function countsOn({ absorbed }: IdentityRecord, claim: string): boolean {
  return absorbed.some(({ claims }) => claims.includes(claim));
}

const lettingGo = (claim: string) => (each: AbsorbedIdentity) => ({
  ...each,
  claims: without(each.claims, claim),
});

function without(claims: readonly string[], claim: string): readonly string[] {
  return claims.filter((each) => each !== claim);
}
