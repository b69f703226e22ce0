import { contactTaken } from '../../domain/contact-change.js';
import { TRAIT_KINDS } from '../../domain/credential/identifiers.js';
import { FacetError } from '../../domain/errors.js';
import type { ContractName, IdentityChange, IdentityRecord } from '../../domain/identity.js';
import { type ChangeOrigin, completeIdentity, newIdentity } from '../../domain/identity-change.js';
import { claim } from '../../domain/identity-index.js';
import { type RequestClaim, repeats } from '../../domain/request-claim.js';
import { ClaimTakenError } from '../../storage/errors.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { liveRecord } from './live-record.js';
import { getByClaim } from './read.js';
import { requestClaim } from './request-claim.js';
import { mutateIdentity } from './resolve.js';
import { releaseStaleClaim } from './stale-claim.js';

/** Where a create comes from. */
export interface CreateOrigin {
  readonly contract: ContractName;
  /** Makes the create repeatable. */
  readonly requestKey?: string | undefined;
  /** What was asked, where the change cannot tell: it has ids and hashes that are drawn anew each time. */
  readonly asked?: string | undefined;
  /** The identity to add the contract's fields to, where no new one is to be made. */
  readonly completes?: string | undefined;
}

type CompletionOrigin = ChangeOrigin & { readonly request: RequestClaim | null };

/** How often a create is tried again when the holder of a claim is gone before it could be looked at. */
const ATTEMPTS = 5;

/**
 * Creates an identity, or completes one that another contract made. A create repeated under one request key answers
 * the identity that the first one made. Throws ALREADY_EXISTS naming the field, IDEMPOTENCY_KEY_REUSED, or
 * IDENTITY_NOT_FOUND for one to be completed.
 */
export async function createIdentity(
  context: IdentityContext,
  tenant: string,
  change: IdentityChange,
  origin: CreateOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  const request = requestOf(context, change, origin);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const key = { tenant, id: origin.completes ?? context.newId() };
    const contactIds = (change.newContacts ?? []).map(() => context.newId());
    const by = { contract: origin.contract, request, contactIds, now: context.now().toISOString() };
    try {
      if (origin.completes !== undefined) return await complete(context, key, change, by, wait);
      const record = newIdentity(key, change, by);
      await context.store.insert(identities, key, record, wait);
      return record;
    } catch (error) {
      if (!(error instanceof ClaimTakenError)) throw error;
      const first = request === null ? undefined : await firstAnswer(context, tenant, request, wait);
      if (first !== undefined) return first;
      if (await releaseStaleClaim(context.store, tenant, error.claim, wait)) continue;
      const taken = takenField(error.claim);
      if (taken !== undefined) throw taken;
    }
  }
  throw new FacetError('CONTENTION');
}

async function complete(
  context: IdentityContext,
  key: { tenant: string; id: string },
  change: IdentityChange,
  by: CompletionOrigin,
  wait: Wait,
): Promise<IdentityRecord> {
  const apply = (record: IdentityRecord) => {
    const repeated = record.requests.some(({ key }) => key === by.request?.key);
    // Repeated: the claim is its own, so no insert tells; the first answer is looked up as after one.
    if (repeated) throw new ClaimTakenError(claim('request_id', by.request!.key), record.id);
    return completeIdentity(record, change, by);
  };
  return liveRecord((await mutateIdentity(context.store, key, apply, wait))?.body);
}

function requestOf(
  context: IdentityContext,
  change: IdentityChange,
  { contract, requestKey, completes, asked: given }: CreateOrigin,
): RequestClaim | null {
  const asked = [contract, given ?? change, ...(completes === undefined ? [] : [completes])];
  return requestClaim(context, requestKey, asked);
}

/** The identity that this request has made before; undefined where there is none, or where the key has lapsed. */
async function firstAnswer(
  context: IdentityContext,
  tenant: string,
  request: RequestClaim,
  wait: Wait,
): Promise<IdentityRecord | undefined> {
  const record = await getByClaim(context, tenant, claim('request_id', request.key), wait).catch(ifAbsent);
  if (record === undefined) return undefined;
  const before = record.requests.find(({ key }) => key === request.key);
  if (before === undefined) return undefined;
  if (repeats(before, request)) return record;
  await releaseRequest(context, { tenant, id: record.id }, request.key, wait);
  return undefined;
}

async function releaseRequest(
  context: IdentityContext,
  holder: { tenant: string; id: string },
  key: string,
  wait: Wait,
) {
  const release = (record: IdentityRecord) => ({
    ...record,
    requests: record.requests.filter((request) => request.key !== key),
  });
  await mutateIdentity(context.store, holder, release, wait);
}

function ifAbsent(error: unknown): undefined {
  if (!(error instanceof FacetError && error.reason === 'IDENTITY_NOT_FOUND')) throw error;
}

/** The fields behind claims of another name. */
const CLAIMED_FIELDS: Record<string, string> = { mailbox: 'local_part', agents_key: 'identifier_key' };

function identifierTaken(field: string): FacetError {
  return new FacetError('ALREADY_EXISTS', {
    message: 'Another identity already signs in by this identifier.',
    violations: [{ field, description: 'hold an identifier that is already taken', rule: 'unique' }],
  });
}

/** The error for a claim that another identity holds; undefined where only the request key collided. */
export function takenField(held: string | undefined): FacetError | undefined {
  const kind = held === undefined ? undefined : (JSON.parse(held) as string[])[0];
  if (kind === 'request_id' || kind === undefined) return undefined;
  if (kind === 'contact') return contactTaken();
  if (kind === 'oidc' || kind === 'saml') return identifierTaken('credentials');
  if (TRAIT_KINDS.includes(kind)) return identifierTaken('traits');
  const field = CLAIMED_FIELDS[kind] ?? kind;
  return new FacetError('ALREADY_EXISTS', {
    message: `Another identity already holds this ${field}.`,
    violations: [{ field, description: 'is already taken', rule: 'unique' }],
  });
}
