import { credentialToken } from '../../domain/credential/identifiers.js';
import { FacetError, type Reason } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { agentsKeyClaim, claim, contactToken, shownClaims } from '../../domain/identity-index.js';
import type { Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';
import { liveRecord, shownRecord } from './live-record.js';
import { resolveIdentity } from './resolve.js';

/** The identifiers that an identity is found by. */
export type Identifier =
  | { readonly kind: 'external_id'; readonly value: string }
  /** In a project; null: without one. */
  | { readonly kind: 'identifier_key'; readonly value: string; readonly projectId: string | null }
  | { readonly kind: 'contact'; readonly value: string }
  | { readonly kind: 'credential_identifier'; readonly value: string };

/** One identity of the tenant. Throws IDENTITY_NOT_FOUND. */
export async function getIdentity(
  context: Pick<IdentityContext, 'store'>,
  tenant: string,
  id: string,
  wait: Wait,
): Promise<IdentityRecord> {
  return shownRecord((await resolveIdentity(context.store, { tenant, id }, wait))?.body);
}

/** Several identities in the order asked. Throws IDENTITY_NOT_FOUND naming the places of those that are missing. */
export async function batchGetIdentities(
  context: IdentityContext,
  tenant: string,
  ids: readonly string[],
  wait: Wait,
): Promise<IdentityRecord[]> {
  const found = await context.store.getMany(identities, tenant, [...new Set(ids)], wait);
  const byId = new Map<string, IdentityRecord>();
  for (const { id, body } of found) {
    const resolved =
      body.kind === 'merged' ? await resolveIdentity(context.store, { tenant, id }, wait) : { body };
    if (resolved?.body.kind !== 'deleted') byId.set(id, shownRecord(resolved?.body));
  }
  const missing = ids.flatMap((id, at) => (byId.has(id) ? [] : [at]));
  if (missing.length > 0) {
    const violations = missing.map((at) => ({
      field: `ids[${at}]`,
      description: 'is not an identity',
      rule: 'not_found',
    }));
    throw new FacetError('IDENTITY_NOT_FOUND', { violations });
  }
  return ids.map((id) => byId.get(id)!);
}

/**
 * The one identity that holds an identifier. Throws IDENTITY_NOT_FOUND, and where several have it
 * AMBIGUOUS_CONTACT or AMBIGUOUS_IDENTIFIER.
 */
export async function lookupIdentity(
  context: IdentityContext,
  tenant: string,
  identifier: Identifier,
  wait: Wait,
): Promise<IdentityRecord> {
  const { kind, value } = identifier;
  if (kind === 'contact') return theOnly(context, tenant, contactToken(value), 'AMBIGUOUS_CONTACT', wait);
  if (kind === 'credential_identifier')
    return theOnly(context, tenant, credentialToken(value), 'AMBIGUOUS_IDENTIFIER', wait);
  const held = kind === 'identifier_key' ? agentsKeyClaim(identifier.projectId, value) : claim(kind, value);
  return getByClaim(context, tenant, held, wait);
}

/** The identity that shows what is claimed: a pointer may keep a claim longer than that. Throws IDENTITY_NOT_FOUND. */
export async function getByClaim(
  context: Pick<IdentityContext, 'store'>,
  tenant: string,
  held: string,
  wait: Wait,
): Promise<IdentityRecord> {
  const holder = await context.store.getByClaim(identities, tenant, held, wait);
  if (holder === undefined) throw new FacetError('IDENTITY_NOT_FOUND');
  if (holder.body.kind !== 'merged') return shownRecord(holder.body);
  const record = await getIdentity(context, tenant, holder.id, wait);
  if (!shownClaims(record).includes(held)) throw new FacetError('IDENTITY_NOT_FOUND');
  return record;
}

async function theOnly(
  context: IdentityContext,
  tenant: string,
  token: string,
  ambiguous: Reason,
  wait: Wait,
): Promise<IdentityRecord> {
  const where = [{ token }];
  const found = await context.store.find(identities, { tenant, where, limit: 2 }, wait);
  // Of an undecided merge both documents may be found.
  const records = await Promise.all(found.map(({ id }) => getIdentity(context, tenant, id, wait)));
  const [one, another] = new Map(records.map((record) => [record.id, record])).values();
  if (another !== undefined) throw new FacetError(ambiguous);
  return one ?? liveRecord(undefined);
}
