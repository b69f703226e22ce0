import type { MailDomain } from '../../domain/mail-domain.js';
import type {
  CreateDomainRequest,
  DeleteDomainRequest,
  Domain,
  GetDomainRequest,
  ListDomainsRequest,
  VerifyDomainRequest,
} from '../../gen/facet/v1/domain_service.js';
import type { Call } from '../../rpc/call.js';
import type { MailDomainOperations } from '../../services/mail-domain/operations.js';
import type { PageTokens } from '../../services/page-token.js';

const PAGE_SIZE = 50;

/** facet.v1.DomainService: the mail domains of a tenant. */
export function domainService(domains: MailDomainOperations, pageTokens: PageTokens) {
  return {
    async createDomain({ domain }: CreateDomainRequest, call: Call) {
      const { name, verified } = domain!;
      return recordToDomain(await domains.create({ tenant: call.principal.tenant, name, verified }, call));
    },

    async getDomain(request: GetDomainRequest, call: Call) {
      return recordToDomain(await domains.get(call.principal.tenant, request.domainId, call));
    },

    async listDomains(request: ListDomainsRequest, call: Call) {
      const list = [call.principal.tenant, call.method];
      const after = pageTokens.open(request.pageToken, list, 'page_token');
      const limit = request.pageSize || PAGE_SIZE;
      const page = await domains.list(call.principal.tenant, { limit, after }, call);
      const nextPageToken = page.next ? pageTokens.seal(page.next, list) : '';
      return { domains: page.domains.map(recordToDomain), nextPageToken };
    },

    async verifyDomain(request: VerifyDomainRequest, call: Call) {
      return recordToDomain(await domains.verify(call.principal.tenant, request.domainId, call));
    },

    async deleteDomain(request: DeleteDomainRequest, call: Call) {
      await domains.delete(call.principal.tenant, request.domainId, call);
      return {};
    },
  };
}

function recordToDomain({ id, name, verified, createTime, updateTime }: MailDomain): Domain {
  return { id, name, verified, createTime: new Date(createTime), updateTime: new Date(updateTime) };
}
