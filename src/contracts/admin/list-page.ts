import { credentialToken } from '../../domain/credential/identifiers.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { FilterCondition } from '../../domain/identity-filter.js';
import type { ListIdentitiesRequest } from '../../gen/facet/admin/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import { handleOf } from '../../services/identity/kept-ids.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import type { Place } from '../../services/page-token.js';
import { linkHeader, type Parameters, pageSize } from './links.js';

const PAGE_BYTES = 3 * 1024 * 1024;
/** More ids than these are kept by the service, since a Link header is to stay below 4 KiB. */
const MOST_LINKED_IDS = 40;

/**
 * A page of identities, oldest first, with its links. A token is bound to the tenant, the filters and the ids:
 * whoever gives the ids again gives the same ones, and those that were too many for a link are remembered.
 */
export async function listPage(
  identities: IdentityOperations,
  request: ListIdentitiesRequest,
  call: Call,
): Promise<IdentityRecord[]> {
  const { tenant } = call.principal;
  const bound = [tenant, call.method, request.credentialsIdentifier, request.organizationId ?? ''];
  const token = identities.pageTokens.open(request.pageToken, bound, 'page_token');
  const given = request.ids.map((id) => id.toLowerCase());
  const ids = await chosenIds(identities, tenant, given, token, call);
  const limit = pageSize(request.pageSize);
  const after = token?.id ? { value: token.id, id: token.id } : undefined;
  const query = { conditions: conditionsOf(request), limit, maxBytes: PAGE_BYTES, after };
  const page =
    ids === undefined
      ? await identities.list(tenant, { ...query, order: { field: 'id', descending: false } }, call)
      : await identities.listChosen(tenant, ids, query, call);

  const many = ids !== undefined && ids.length > MOST_LINKED_IDS;
  if (many) await identities.keepIds(tenant, ids, call);
  const handle = ids === undefined ? '' : handleOf(ids);
  const seal = (id: string) => identities.pageTokens.seal({ value: handle, id }, bound);
  const parameters: Parameters = [
    ['page_size', String(limit)],
    ['consistency', request.consistency],
    ['credentials_identifier', request.credentialsIdentifier],
    ['organization_id', request.organizationId],
    ...request.includeCredential.map((type): [string, string] => ['include_credential', type]),
    ...(many ? [] : (ids ?? [])).map((id): [string, string] => ['ids', id]),
  ];
  const first = many ? seal('') : undefined;
  call.setHeader('link', linkHeader(parameters, first, page.next && seal(page.next.id)));
  return page.records;
}

/** The ids that are asked for: those of the request, or those that its token stands for. */
async function chosenIds(
  identities: IdentityOperations,
  tenant: string,
  given: readonly string[],
  token: Place | undefined,
  call: Call,
): Promise<readonly string[] | undefined> {
  if (given.length > 0) {
    if (token !== undefined && token.value !== handleOf(given)) throw refused();
    return given;
  }
  if (token === undefined || token.value === '') return undefined;
  const kept = await identities.readKeptIds(tenant, String(token.value), call);
  if (kept === undefined) throw refused();
  return kept;
}

function refused(): FacetError {
  const description = 'is not a token of this list: begin again without one';
  return new FacetError('INVALID_PAGE_TOKEN', {
    violations: [{ field: 'page_token', description, rule: 'page_token' }],
  });
}

function conditionsOf({ credentialsIdentifier, organizationId }: ListIdentitiesRequest): FilterCondition[] {
  const conditions: FilterCondition[] = [];
  if (credentialsIdentifier !== '') conditions.push({ token: credentialToken(credentialsIdentifier) });
  if (organizationId !== undefined)
    conditions.push({ field: 'organizationId', equals: organizationId.toLowerCase() });
  return conditions;
}
