import { createHash } from 'node:crypto';
import { claim } from '../../domain/identity-index.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Collection, Wait } from '../../storage/store.js';
import type { IdentityContext } from './context.js';

/** The ids that a list was asked for, where they are too many for a page token. */
interface KeptIds {
  readonly handle: string;
  readonly ids: readonly string[];
  /** RFC 3339. */
  readonly expireTime: string;
}

export const keptIds: Collection<KeptIds> = {
  name: 'kept_ids',
  fields: { expireTime: 'text' },
  index: ({ handle, expireTime }) => ({
    claims: [claim('handle', handle)],
    tokens: [],
    fields: { expireTime },
  }),
};

/** How long a walk through such a list may rest, in milliseconds. */
const KEPT_MS = 3_600_000;
const CLEARED_AT_ONCE = 20;

/** The name of a set of ids, whatever their order. */
export function handleOf(ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...new Set(ids)].sort()))
    .digest('base64url');
}

/** Keeps ids under their handle for an hour, and clears away what the tenant's other lists have left. */
export async function keepIds(
  { store, now }: Pick<IdentityContext, 'store' | 'now'>,
  tenant: string,
  ids: readonly string[],
  wait: Wait,
): Promise<void> {
  const handle = handleOf(ids);
  const key = { tenant, id: handle };
  const time = now();
  const expireTime = new Date(time.getTime() + KEPT_MS).toISOString();
  try {
    await store.insert(keptIds, key, { handle, ids, expireTime }, wait);
  } catch (error) {
    if (!(error instanceof ClaimTakenError)) throw error;
    await mutate(store, keptIds, key, (kept) => ({ ...kept, expireTime }), wait);
  }
  const where = [{ field: 'expireTime', lt: time.toISOString() }];
  for (const { id } of await store.find(keptIds, { tenant, where, limit: CLEARED_AT_ONCE }, wait))
    await store.remove(keptIds, { tenant, id }, undefined, wait);
}

/** The ids under a handle; undefined where they have lapsed. */
export async function readKeptIds(
  { store, now }: Pick<IdentityContext, 'store' | 'now'>,
  tenant: string,
  handle: string,
  wait: Wait,
): Promise<readonly string[] | undefined> {
  const kept = await store.get(keptIds, { tenant, id: handle }, wait);
  return kept !== undefined && kept.body.expireTime > now().toISOString() ? kept.body.ids : undefined;
}
