import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import { mailboxDomainToken, mailboxStatusToken } from '../../domain/identity-index.js';
import { NEWEST_FIRST } from '../../domain/identity-order.js';
import type {
  CreateIdentityRequest,
  DeleteIdentityRequest,
  GetIdentityRequest,
  ListIdentitiesRequest,
  UpdateIdentityRequest,
} from '../../gen/facet/mailbox/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import type { MailDomainOperations } from '../../services/mail-domain/operations.js';
import { createOrigin, precondition, setEtag } from '../conditions.js';
import { createToChange, updateToChange } from './identity-change.js';
import { recordToIdentity } from './identity-view.js';

const LIMIT = 20;

/** facet.mailbox.v1: the identities of contracts/mailbox.txt, and the methods that its document leaves out. */
export function mailboxService(identities: IdentityOperations, domains: MailDomainOperations) {
  const answer = (record: IdentityRecord, call: Call) => {
    setEtag(call, record);
    return recordToIdentity(record);
  };
  /** Where an identity with a mailbox is. A mailbox is never taken away, so this holds until the identity goes. */
  const key = async (request: { identityId: string }, call: Call) => {
    const { tenant } = call.principal;
    const record = await identities.get(tenant, request.identityId.toLowerCase(), call);
    if (record.mailbox === null) throw new FacetError('IDENTITY_NOT_FOUND');
    return { tenant, id: record.id };
  };

  return {
    async createIdentity(request: CreateIdentityRequest, call: Call) {
      const { tenant } = call.principal;
      const domain = await domains.get(tenant, request.domainId, call);
      if (!domain.verified) throw new FacetError('DOMAIN_NOT_VERIFIED');
      const change = createToChange(request, domain);
      const record = await identities.create(tenant, change, createOrigin(call, 'mailbox'), call);
      // Also for a caller who has gone: the mailbox is there.
      if (!(await domains.stands(tenant, domain.id, {}))) {
        await identities.withdrawMailbox({ tenant, id: record.id }, domain.id, {});
        throw new FacetError('DOMAIN_NOT_FOUND');
      }
      return answer(record, call);
    },

    async listIdentities(request: ListIdentitiesRequest, call: Call) {
      const { tenant } = call.principal;
      const { limit = LIMIT, offset = 0 } = request;
      const conditions = conditionsOf(request);
      const query = { conditions, order: NEWEST_FIRST, limit, offset, maxBytes: Number.POSITIVE_INFINITY };
      const [page, total] = await Promise.all([
        identities.list(tenant, query, call),
        identities.count(tenant, query, call),
      ]);
      return { data: page.records.map(recordToIdentity), total, limit, offset };
    },

    async getIdentity(request: GetIdentityRequest, call: Call) {
      const id = request.identityId.toLowerCase();
      return answer(await identities.get(call.principal.tenant, id, call), call);
    },

    async updateIdentity(request: UpdateIdentityRequest, call: Call) {
      const change = updateToChange(request);
      const origin = { contract: 'mailbox' as const, precondition: precondition(call) };
      return answer(await identities.update(await key(request, call), change, origin, call), call);
    },

    async deleteIdentity(request: DeleteIdentityRequest, call: Call) {
      await identities.delete(await key(request, call), precondition(call), call);
      return {};
    },
  };
}

function conditionsOf({ domainId, status }: ListIdentitiesRequest): FilterCondition[] {
  const conditions: FilterCondition[] = [{ field: 'hasMailbox', equals: true }];
  if (domainId !== undefined) conditions.push({ token: mailboxDomainToken(domainId.toLowerCase()) });
  if (status !== undefined) conditions.push({ token: mailboxStatusToken(status) });
  return conditions;
}
