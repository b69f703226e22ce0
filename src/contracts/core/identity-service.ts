import { invalid } from '../../domain/errors.js';
import { parseIdentityFilter } from '../../domain/identity-filter.js';
import { parseIdentityOrder } from '../../domain/identity-order.js';
import type {
  BatchGetIdentitiesRequest,
  CreateIdentityRequest,
  DeleteIdentityRequest,
  GetIdentityRequest,
  ListIdentitiesRequest,
  LookupIdentityRequest,
  MergeIdentitiesRequest,
  UpdateIdentityRequest,
} from '../../gen/facet/v1/identity_service.js';
import type { Call } from '../../rpc/call.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import type { Identifier } from '../../services/identity/read.js';
import { precondition, requestKey, setEtag } from '../conditions.js';
import { encodedBytes } from './encoded-bytes.js';
import { createToChange, identityToChange } from './identity-change.js';
import { recordToIdentity } from './identity-view.js';

const PAGE_SIZE = 50;
const PAGE_BYTES = 3 * 1024 * 1024;

/** facet.v1.IdentityService: the core API, also served over REST under `/api/core`. */
export function identityService(identities: IdentityOperations) {
  return {
    async createIdentity(request: CreateIdentityRequest, call: Call) {
      const change = createToChange(request.identity!);
      const origin = { contract: 'core' as const, requestKey: requestKey(call, request.requestId) };
      const record = await identities.create(call.principal.tenant, change, origin, call);
      setEtag(call, record);
      return recordToIdentity(record);
    },

    async getIdentity(request: GetIdentityRequest, call: Call) {
      const record = await identities.get(call.principal.tenant, request.id, call);
      setEtag(call, record);
      return recordToIdentity(record);
    },

    async batchGetIdentities(request: BatchGetIdentitiesRequest, call: Call) {
      const records = await identities.batchGet(call.principal.tenant, request.ids, call);
      return { identities: records.map(recordToIdentity) };
    },

    async listIdentities(request: ListIdentitiesRequest, call: Call) {
      const order = parseIdentityOrder(request.orderBy);
      const conditions = parseIdentityFilter(request.filter);
      const list = [call.principal.tenant, call.method, request.filter, request.orderBy];
      const after = identities.pageTokens.open(request.pageToken, list, 'page_token');
      const limit = request.pageSize || PAGE_SIZE;
      const weigh = encodedBytes(PAGE_BYTES, limit);
      const query = { conditions, order, limit, maxBytes: PAGE_BYTES, weigh, after };
      const page = await identities.list(call.principal.tenant, query, call);
      const nextPageToken = page.next ? identities.pageTokens.seal(page.next, list) : '';
      return { identities: page.records.map(recordToIdentity), nextPageToken };
    },

    async updateIdentity(request: UpdateIdentityRequest, call: Call) {
      const identity = request.identity!;
      if (identity.id === '')
        throw invalid({ field: 'identity.id', description: 'is required', rule: 'required' });
      const change = identityToChange(identity, request.updateMask);
      const key = { tenant: call.principal.tenant, id: identity.id };
      const depends = precondition(call, identity.etag);
      const record = await identities.update(key, change, { contract: 'core', precondition: depends }, call);
      setEtag(call, record);
      return recordToIdentity(record);
    },

    async deleteIdentity(request: DeleteIdentityRequest, call: Call) {
      const depends = precondition(call, request.etag);
      await identities.delete({ tenant: call.principal.tenant, id: request.id }, depends, call);
      return {};
    },

    async mergeIdentities(request: MergeIdentitiesRequest, call: Call) {
      const merge = {
        tenant: call.principal.tenant,
        target: request.identityId,
        source: request.sourceId,
        precondition: precondition(call, request.etag),
        sourcePrecondition: request.sourceEtag === '' ? undefined : [request.sourceEtag],
      };
      const record = await identities.merge(merge, call);
      setEtag(call, record);
      return recordToIdentity(record);
    },

    async lookupIdentity(request: LookupIdentityRequest, call: Call) {
      const record = await identities.lookup(call.principal.tenant, identifierOf(request), call);
      setEtag(call, record);
      return recordToIdentity(record);
    },
  };
}

function identifierOf(request: LookupIdentityRequest): Identifier {
  const { externalId, identifierKey, contact, credentialIdentifier, projectId } = request;
  if (projectId !== '' && identifierKey === undefined)
    throw invalid({ field: 'project_id', description: 'goes with identifier_key only', rule: 'unused' });
  if (externalId !== undefined) return { kind: 'external_id', value: externalId };
  if (identifierKey !== undefined) {
    return { kind: 'identifier_key', value: identifierKey, projectId: projectId || null };
  }
  if (contact !== undefined) return { kind: 'contact', value: contact };
  return { kind: 'credential_identifier', value: credentialIdentifier! };
}
