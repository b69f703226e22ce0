import { FacetError } from '../../domain/errors.js';
import { mailboxDomainToken } from '../../domain/identity-index.js';
import { domainName, type MailDomain } from '../../domain/mail-domain.js';
import { ClaimTakenError } from '../../storage/errors.js';
import { mutate } from '../../storage/mutate.js';
import type { Wait } from '../../storage/store.js';
import { identities } from '../identity/collection.js';
import type { IdentityContext } from '../identity/context.js';
import { assertTenantName } from '../keys/tenant-name.js';
import type { Place } from '../page-token.js';
import { mailDomains } from './collection.js';
import { announceDeletion, callOffDeletion, domainStands, removedMeanwhile } from './deletion.js';

type Context = Pick<IdentityContext, 'store' | 'now' | 'newId'>;

/** A domain to add. */
export interface NewDomain {
  readonly tenant: string;
  readonly name: string;
  readonly verified: boolean;
}

/** The mail domains of a tenant. Throws DOMAIN_NOT_FOUND. */
export interface MailDomainOperations {
  create(domain: NewDomain, wait: Wait): Promise<MailDomain>;
  get(tenant: string, id: string, wait: Wait): Promise<MailDomain>;
  /** Newest first, with the place of the next page. */
  list(
    tenant: string,
    page: { readonly limit: number; readonly after: Place | undefined },
    wait: Wait,
  ): Promise<{ readonly domains: MailDomain[]; readonly next: Place | undefined }>;
  verify(tenant: string, id: string, wait: Wait): Promise<MailDomain>;
  /** Throws DOMAIN_IN_USE while a mailbox is in it; one that is made meanwhile is refused. */
  delete(tenant: string, id: string, wait: Wait): Promise<void>;
  /** Whether a mailbox that has been written may stay: resolves once a deletion under way is decided. */
  stands(tenant: string, id: string, wait: Wait): Promise<boolean>;
}

export function mailDomainOperations(context: Context): MailDomainOperations {
  const { store } = context;
  const get: MailDomainOperations['get'] = async (tenant, id, wait) => {
    const found = await store.get(mailDomains, { tenant, id: id.toLowerCase() }, wait);
    if (found === undefined) throw new FacetError('DOMAIN_NOT_FOUND');
    return found.body;
  };
  return {
    get,
    stands: (tenant, id, wait) => domainStands(context, { tenant, id: id.toLowerCase() }, wait),
    create: (domain, wait) => addDomain(context, { ...domain, id: context.newId() }, wait),
    async list(tenant, { limit, after }, wait) {
      const order = { field: 'id', descending: true };
      const found = await store.find(
        mailDomains,
        { tenant, order, limit: limit + 1, ...(after && { after }) },
        wait,
      );
      const domains = found.slice(0, limit).map(({ body }) => body);
      const last = found.length > limit ? domains.at(-1) : undefined;
      return { domains, next: last && { value: last.id, id: last.id } };
    },
    async verify(tenant, id, wait) {
      const updateTime = context.now().toISOString();
      const key = { tenant, id: id.toLowerCase() };
      const verified = await mutate(
        store,
        mailDomains,
        key,
        (domain) => (domain.verified ? domain : { ...domain, verified: true, updateTime }),
        wait,
      );
      if (verified === undefined) throw new FacetError('DOMAIN_NOT_FOUND');
      return verified.body;
    },
    async delete(tenant, id, wait) {
      const domain = await get(tenant, id, wait);
      // Said before it is looked for mailboxes: one that is written after that look finds the domain going.
      const going = await announceDeletion(context, domain, wait);
      const where = [{ token: mailboxDomainToken(domain.id) }];
      const [used] = await store.find(identities, { tenant, where, limit: 1 }, wait);
      if (used !== undefined) {
        await callOffDeletion(context, domain, wait);
        throw new FacetError('DOMAIN_IN_USE');
      }
      const removed = await store.remove(mailDomains, going, going.revision, wait);
      if (!removed) throw new FacetError(await removedMeanwhile(context, domain, wait));
    },
  };
}

/** Adds a domain under an id. Throws INVALID_INPUT, or ALREADY_EXISTS where the tenant has the name. */
export async function addDomain(
  { store, now }: Pick<Context, 'store' | 'now'>,
  { tenant, name, verified, id }: NewDomain & { readonly id: string },
  wait: Wait = {},
): Promise<MailDomain> {
  assertTenantName(tenant);
  const time = now().toISOString();
  const lower = domainName(name, 'domain.name');
  const domain = { id, tenant, name: lower, verified, createTime: time, updateTime: time };
  try {
    await store.insert(mailDomains, { tenant, id }, domain, wait);
    return domain;
  } catch (error) {
    if (!(error instanceof ClaimTakenError)) throw error;
    throw new FacetError('ALREADY_EXISTS', {
      message: 'The tenant already has this domain.',
      violations: [{ field: 'domain.name', description: 'is already taken', rule: 'unique' }],
    });
  }
}
