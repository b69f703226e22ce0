import { FacetError, invalid } from '../../domain/errors.js';
import { assertEtag, type Precondition } from '../../domain/etag.js';
import type { IdentityRecord, MergedIdentity, MergeIntent, StoredIdentity } from '../../domain/identity.js';
import { collisionsOf } from '../../domain/identity-merge.js';
import { assertNoLogin, pointerOf, withIntent, withoutIntent } from '../../domain/merged-identity.js';
import { pause } from '../../storage/abort.js';
import { inTurn, mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { liveRecord, shownRecord } from './live-record.js';
import { mutateIdentity, resolveIdentity } from './resolve.js';
import { settleMerge } from './settle-merge.js';

/** Which two, and the versions that the merge depends on. */
export interface MergeRequest {
  readonly tenant: string;
  /** The identity that stays. */
  readonly target: string;
  /** The one whose id leads there from then on. */
  readonly source: string;
  readonly precondition: Precondition;
  readonly sourcePrecondition: Precondition;
}

/** The two as they stand before a try. */
interface Pair {
  readonly target: IdentityRecord;
  readonly source: IdentityRecord;
}

type Context = Pick<IdentityContext, 'store' | 'now' | 'newId'>;

/** How often a merge begins anew where another one is in its way. */
const ATTEMPTS = 30;
const LONGEST_PAUSE_MS = 100;
/** After this an intent that came to nothing is one of a process that is gone. */
const ABANDONED_MS = 2_000;

/**
 * Merges one identity into another. Asked again it answers the same, as it does where the two have become one already.
 * Throws IDENTITY_NOT_FOUND, MERGE_COLLISION with every field that collides, LOGIN_IN_PROGRESS, ETAG_MISMATCH and
 * CONTENTION; nothing is changed then.
 */
export function mergeIdentities(
  context: Context,
  request: MergeRequest,
  wait: Wait,
): Promise<IdentityRecord> {
  if (request.source === request.target) {
    throw invalid({ field: 'source_id', description: 'must be another identity', rule: 'merge.other' });
  }
  // Merges of one process and tenant queue, so that only those of other processes can be in the way.
  return inTurn(context.store, `merge/${request.tenant}`, wait.signal, async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const merged = await tryMerge(context, request, wait);
      if (merged !== undefined) return merged;
      await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MS), wait.signal);
    }
    throw new FacetError('CONTENTION');
  });
}

/** One try; undefined where another one may succeed. */
async function tryMerge(
  context: Context,
  request: MergeRequest,
  wait: Wait,
): Promise<IdentityRecord | undefined> {
  const { store } = context;
  const pair = await readPair(context, request, wait);
  if (pair.target.id === pair.source.id) return pair.target;
  assertMergeable(pair, request);
  const target = { tenant: request.tenant, id: pair.target.id };
  const intent: MergeIntent = {
    attempt: context.newId(),
    source: pair.source.id,
    version: request.precondition === undefined ? null : pair.target.version,
    time: context.now().toISOString(),
  };
  const announce = (stored: StoredIdentity) => {
    if (stored.kind !== 'identity' || stored.incoming != null) return stored;
    const record = liveRecord(stored);
    assertEtag(record, request.precondition);
    return withIntent(record, intent);
  };
  const announced = await mutate(store, identities, target, announce, wait);
  if (!hasIntent(announced?.body, intent)) {
    if (announced !== undefined) await clearTheWay(context, announced.body, wait);
    return undefined;
  }
  const pointer = await seal(context, request, pair, intent, wait);
  const taken = pointer !== undefined && (await settleMerge(store, pointer, wait));
  return taken ? shownRecord((await resolveIdentity(store, target, wait))?.body) : undefined;
}

/** The two records that the ids stand for, with no undecided merge of either left. */
async function readPair(
  { store }: Context,
  { tenant, target, source }: MergeRequest,
  wait: Wait,
): Promise<Pair> {
  const read = async (id: string) =>
    liveRecord((await mutateIdentity(store, { tenant, id }, (record) => record, wait))?.body);
  const one = await read(target);
  try {
    return { target: one, source: await read(source) };
  } catch (error) {
    if (!(error instanceof FacetError && error.reason === 'IDENTITY_NOT_FOUND')) throw error;
    const violation = { field: 'source_id', description: 'is not an identity', rule: 'not_found' };
    throw new FacetError('IDENTITY_NOT_FOUND', { violations: [violation] });
  }
}

function assertMergeable({ target, source }: Pair, request: MergeRequest): void {
  assertEtag(target, request.precondition);
  assertEtag(source, request.sourcePrecondition);
  assertNoLogin(source);
  const violations = collisionsOf(target, source);
  if (violations.length > 0) throw new FacetError('MERGE_COLLISION', { violations });
}

/** Makes the source a pointer; undefined, and the intent withdrawn, where that cannot be now. */
async function seal(
  context: Context,
  request: MergeRequest,
  { target, source }: Pair,
  intent: MergeIntent,
  wait: Wait,
): Promise<MergedIdentity | undefined> {
  const { store } = context;
  const key = { tenant: request.tenant, id: source.id };
  const withdraw = () =>
    mutate(store, identities, { ...key, id: target.id }, (stored) => withoutIntent(stored, intent.attempt));
  try {
    const current = await store.get(identities, key, wait);
    const given = current === undefined ? undefined : await overridable(context, current.body, intent, wait);
    const sealed = await mutate(
      store,
      identities,
      key,
      (stored) => {
        if (stored.kind !== 'identity') return stored;
        const inTheWay = stored.incoming?.attempt;
        if (inTheWay !== undefined && inTheWay !== given) return stored;
        return pointerOf(liveRecord(stored), target.id, intent, request.sourcePrecondition);
      },
      wait,
    );
    if (sealed?.body.kind === 'merged' && sealed.body.attempt === intent.attempt) return sealed.body;
  } catch (error) {
    // What cannot be withdrawn now is dropped by the sweeper.
    await withdraw().catch(() => undefined);
    throw error;
  }
  await withdraw();
  return undefined;
}

/** The attempt that a source was to be the target of and that gives way to ours: of two the older one goes on. */
async function overridable(
  context: Context,
  stored: StoredIdentity,
  ours: MergeIntent,
  wait: Wait,
): Promise<string | undefined> {
  if (stored.kind !== 'identity' || stored.incoming == null) return undefined;
  if (await clearTheWay(context, stored, wait)) return undefined;
  return ours.attempt < stored.incoming.attempt ? stored.incoming.attempt : undefined;
}

/**
 * Finishes a merge that another call has begun into this record, or drops its intent where it is abandoned. Whether
 * it is out of the way.
 */
export async function clearTheWay(
  { store, now }: Pick<Context, 'store' | 'now'>,
  stored: StoredIdentity,
  wait?: Wait,
): Promise<boolean> {
  if (stored.kind !== 'identity' || stored.incoming == null) return true;
  const { tenant, id, incoming } = stored;
  const source = await store.get(identities, { tenant, id: incoming.source }, wait);
  if (source?.body.kind === 'merged' && source.body.attempt === incoming.attempt) {
    await settleMerge(store, source.body, wait);
    return true;
  }
  if (now().getTime() - Date.parse(incoming.time) < ABANDONED_MS) return false;
  await mutate(store, identities, { tenant, id }, (each) => withoutIntent(each, incoming.attempt), wait);
  return true;
}

function hasIntent(stored: StoredIdentity | undefined, { attempt }: MergeIntent): boolean {
  return stored?.kind === 'identity' && stored.incoming?.attempt === attempt;
}
