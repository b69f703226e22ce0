import { FacetError } from '../../domain/errors.js';
import type { IdentityChange, IdentityRecord } from '../../domain/identity.js';
import type {
  CountIdentitiesRequest,
  CreateIdentityRequest,
  DeleteIdentityRequest,
  ListIdentitiesRequest,
  ListIdentityAgentsRequest,
  ListIdentityBlocksRequest,
  ModifyIdentityRequest,
  RetrieveIdentityRequest,
  UpsertIdentityPropertiesRequest,
  UpsertIdentityRequest,
} from '../../gen/facet/agents/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import { createOrigin, precondition, setEtag } from '../conditions.js';
import { createToChange, updateToChange, upsertToChange } from './identity-change.js';
import { notFound, recordId } from './identity-id.js';
import { recordToIdentity } from './identity-view.js';
import { linkWindow } from './link-window.js';
import { listConditions } from './list-conditions.js';
import { listWindow } from './list-window.js';
import { propertiesToRecord } from './property.js';

const PAGE_BYTES = 3 * 1024 * 1024;

/** facet.agents.v1: the identities of contracts/agents.txt, as the clients of agent platforms ask for them. */
export function agentsService(identities: IdentityOperations) {
  const origin = (call: Call) => ({ contract: 'agents' as const, precondition: precondition(call) });
  const answer = (record: IdentityRecord, call: Call) => {
    setEtag(call, record);
    return recordToIdentity(record);
  };
  /** Runs what needs the identity of an id; the error where there is none names the id. */
  const withKey = async <T>(
    id: string,
    { principal: { tenant } }: Call,
    run: (key: { tenant: string; id: string }) => Promise<T>,
  ): Promise<T> => {
    const known = recordId(id);
    if (known === undefined) throw notFound('Identity', id);
    try {
      return await run({ tenant, id: known });
    } catch (error) {
      if (error instanceof FacetError && error.reason === 'IDENTITY_NOT_FOUND')
        throw notFound('Identity', id);
      throw error;
    }
  };
  const get = (id: string, call: Call) =>
    withKey(id, call, (key) => identities.get(key.tenant, key.id, call));
  const update = async (id: string, change: IdentityChange, call: Call) =>
    answer(await withKey(id, call, (key) => identities.update(key, change, origin(call), call)), call);
  /** The record's id in a cursor, once it is there. */
  const cursor = async (id: string | undefined, call: Call) => {
    if (id !== undefined) await get(id, call);
    return id === undefined ? undefined : recordId(id);
  };

  return {
    async listIdentities(request: ListIdentitiesRequest, call: Call) {
      const { tenant } = call.principal;
      const window = listWindow(request);
      const bounds = {
        before: await cursor(window.before, call),
        after: await cursor(window.after, call),
      };
      const query = {
        ...window,
        ...bounds,
        conditions: listConditions(request),
        maxBytes: PAGE_BYTES,
      };
      const records = await identities.listWindow(tenant, query, call);
      return { identities: records.map(recordToIdentity) };
    },

    async createIdentity(request: CreateIdentityRequest, call: Call) {
      const { tenant } = call.principal;
      const change = createToChange(request);
      return answer(await identities.create(tenant, change, createOrigin(call, 'agents'), call), call);
    },

    async upsertIdentity({ identity, updateMask }: UpsertIdentityRequest, call: Call) {
      const change = upsertToChange(identity!, updateMask);
      const key = { projectId: identity!.projectId ?? null, identifierKey: identity!.identifierKey! };
      return answer(await identities.upsert(call.principal.tenant, key, change, origin(call), call), call);
    },

    async retrieveIdentity(request: RetrieveIdentityRequest, call: Call) {
      return answer(await get(request.identityId, call), call);
    },

    async countIdentities(_: CountIdentitiesRequest, call: Call) {
      return { count: await identities.count(call.principal.tenant, {}, call) };
    },

    async modifyIdentity({ identityId, identity, updateMask }: ModifyIdentityRequest, call: Call) {
      return update(identityId, updateToChange(identity, updateMask), call);
    },

    async deleteIdentity(request: DeleteIdentityRequest, call: Call) {
      const depends = precondition(call);
      await withKey(request.identityId, call, (key) => identities.delete(key, depends, call));
      return { nothing: null };
    },

    async upsertIdentityProperties(request: UpsertIdentityPropertiesRequest, call: Call) {
      const properties = propertiesToRecord(request.properties, 'properties');
      return update(request.identityId, { agents: { properties } }, call);
    },

    async listIdentityAgents(request: ListIdentityAgentsRequest, call: Call) {
      const { agents } = await get(request.identityId, call);
      const ids = linkWindow('Agent', agents.agentIds, listWindow(request));
      return { agents: ids.map((id) => ({ id })) };
    },

    async listIdentityBlocks(request: ListIdentityBlocksRequest, call: Call) {
      const { agents } = await get(request.identityId, call);
      const ids = linkWindow('Block', agents.blockIds, listWindow(request));
      return { blocks: ids.map((id) => ({ id })) };
    },
  };
}
