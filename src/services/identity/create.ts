import { createHash } from 'node:crypto';
import { FacetError } from '../../domain/errors.js';
import type { ContractName, IdentityChange, IdentityRecord, RequestClaim } from '../../domain/identity.js';
import { newIdentity } from '../../domain/identity-change.js';
import { claim, REQUEST_CLAIM_MS } from '../../domain/identity-index.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';

/** Where a create comes from. `requestKey` makes it repeatable. */
export interface CreateOrigin {
  readonly contract: ContractName;
  readonly requestKey?: string | undefined;
}

/** How often a create is tried again when the holder of a claim is gone before it could be looked at. */
const ATTEMPTS = 5;

/**
 * Creates an identity. A create repeated under one request key answers the identity that the first one made.
 * Throws ALREADY_EXISTS naming the field, or IDEMPOTENCY_KEY_REUSED.
 */
export async function createIdentity(
  context: IdentityContext,
  tenant: string,
  change: IdentityChange,
  origin: CreateOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  const request = requestClaim(context, change, origin);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const key = { tenant, id: context.newId() };
    const record = newIdentity(key, change, {
      contract: origin.contract,
      request,
      now: context.now().toISOString(),
    });
    try {
      await context.store.insert(identities, key, record, wait);
      return record;
    } catch (error) {
      if (!(error instanceof ClaimTakenError)) throw error;
      const first = request === null ? undefined : await firstAnswer(context, tenant, request, wait);
      if (first !== undefined) return first;
      const taken = takenField(error.claim);
      if (taken !== undefined) throw taken;
    }
  }
  throw new FacetError('CONTENTION');
}

function requestClaim(
  context: IdentityContext,
  change: IdentityChange,
  origin: CreateOrigin,
): RequestClaim | null {
  if (!origin.requestKey) return null;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([origin.contract, change]))
    .digest('hex');
  return { key: origin.requestKey, fingerprint, time: context.now().toISOString() };
}

/** The identity that this request has made before; undefined where there is none, or where the key has lapsed. */
async function firstAnswer(
  context: IdentityContext,
  tenant: string,
  request: RequestClaim,
  wait: Wait,
): Promise<IdentityRecord | undefined> {
  const holder = await context.store.getByClaim(identities, tenant, claim('request_id', request.key), wait);
  if (holder?.body.kind !== 'identity' || holder.body.request === null) return undefined;
  if (Date.parse(holder.body.request.time) + REQUEST_CLAIM_MS <= context.now().getTime()) {
    await releaseRequest(context, holder, request.key, wait);
    return undefined;
  }
  if (holder.body.request.fingerprint !== request.fingerprint) throw new FacetError('IDEMPOTENCY_KEY_REUSED');
  return holder.body;
}

async function releaseRequest(
  context: IdentityContext,
  holder: { tenant: string; id: string },
  key: string,
  wait: Wait,
) {
  const release = (stored: IdentityRecord | { kind: 'deleted' }) =>
    stored.kind === 'identity' && stored.request?.key === key ? { ...stored, request: null } : stored;
  await mutate(context.store, identities, holder, (stored) => release(stored) as typeof stored, wait);
}

/** The error for a claim that another identity holds; undefined where only the request key collided. */
export function takenField(held: string | undefined): FacetError | undefined {
  const kind = held === undefined ? undefined : (JSON.parse(held) as string[])[0];
  if (kind === 'request_id' || kind === undefined) return undefined;
  return new FacetError('ALREADY_EXISTS', {
    message: `Another identity already holds this ${kind}.`,
    violations: [{ field: kind, description: 'is already taken', rule: 'unique' }],
  });
}
