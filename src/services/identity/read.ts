import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord, StoredIdentity } from '../../domain/identity.js';
import { agentsKeyClaim, claim, contactToken } from '../../domain/identity-index.js';
import { currentIdentity } from '../../domain/identity-shape.js';
import type { Document, Wait } from '../../storage/store.js';
import { identities } from './collection.js';
import type { IdentityContext } from './context.js';

/** The identifiers that an identity is found by. */
export type Identifier =
  | { readonly kind: 'external_id'; readonly value: string }
  /** In a project; null: without one. */
  | { readonly kind: 'identifier_key'; readonly value: string; readonly projectId: string | null }
  | { readonly kind: 'contact'; readonly value: string }
  | { readonly kind: 'credential_identifier'; readonly value: string };

/** The record behind a stored document; what is left of a deleted one counts as absent. */
export function liveRecord(stored: StoredIdentity | undefined): IdentityRecord {
  if (stored?.kind !== 'identity') throw new FacetError('IDENTITY_NOT_FOUND');
  return currentIdentity(stored);
}

/** One identity of the tenant. Throws IDENTITY_NOT_FOUND. */
export async function getIdentity(
  context: IdentityContext,
  tenant: string,
  id: string,
  wait: Wait,
): Promise<IdentityRecord> {
  const document = await context.store.get(identities, { tenant, id }, wait);
  return liveRecord(document?.body);
}

/** Several identities in the order asked. Throws IDENTITY_NOT_FOUND naming the places of those that are missing. */
export async function batchGetIdentities(
  context: IdentityContext,
  tenant: string,
  ids: readonly string[],
  wait: Wait,
): Promise<IdentityRecord[]> {
  const found = await context.store.getMany(identities, tenant, [...new Set(ids)], wait);
  const byId = new Map(found.map((document: Document<StoredIdentity>) => [document.id, document.body]));
  const missing = ids.flatMap((id, at) => (byId.get(id)?.kind === 'identity' ? [] : [at]));
  if (missing.length > 0) {
    const violations = missing.map((at) => ({
      field: `ids[${at}]`,
      description: 'is not an identity',
      rule: 'not_found',
    }));
    throw new FacetError('IDENTITY_NOT_FOUND', { violations });
  }
  return ids.map((id) => liveRecord(byId.get(id)));
}

/** The one identity that holds an identifier. Throws IDENTITY_NOT_FOUND, AMBIGUOUS_CONTACT where several have the contact. */
export async function lookupIdentity(
  context: IdentityContext,
  tenant: string,
  identifier: Identifier,
  wait: Wait,
): Promise<IdentityRecord> {
  if (identifier.kind === 'contact') return lookupContact(context, tenant, identifier.value, wait);
  const held =
    identifier.kind === 'identifier_key'
      ? agentsKeyClaim(identifier.projectId, identifier.value)
      : claim(identifier.kind, identifier.value);
  const document = await context.store.getByClaim(identities, tenant, held, wait);
  return liveRecord(document?.body);
}

async function lookupContact(
  context: IdentityContext,
  tenant: string,
  value: string,
  wait: Wait,
): Promise<IdentityRecord> {
  const where = [{ token: contactToken(value) }];
  const [found, another] = await context.store.find(identities, { tenant, where, limit: 2 }, wait);
  if (another !== undefined) throw new FacetError('AMBIGUOUS_CONTACT');
  return liveRecord(found?.body);
}
