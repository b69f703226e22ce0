import type { IdentityRecord } from '../../domain/identity.js';
import type { ListIdentitySessionsRequest } from '../../gen/facet/admin/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import type { AuthSessionOperations } from '../../services/auth-session/operations.js';
import type { PageTokens } from '../../services/page-token.js';
import { linkHeader, pageSize } from './links.js';

/** A page of an identity's sessions, newest first, with its links. */
export async function listSessionsPage(
  sessions: AuthSessionOperations,
  pageTokens: PageTokens,
  { tenant, id }: IdentityRecord,
  { active, ...request }: ListIdentitySessionsRequest,
  call: Call,
) {
  const bound = [tenant, call.method, id, String(active)];
  const after = pageTokens.open(request.pageToken, bound, 'page_token');
  const limit = pageSize(request.pageSize);
  const page = await sessions.list({ tenant, identityId: id }, { active, limit, after }, call);
  const next = page.next && pageTokens.seal(page.next, bound);
  const parameters = [['page_size', String(limit)] as const, ['active', active?.toString()] as const];
  call.setHeader('link', linkHeader(parameters, undefined, next));
  return page.sessions;
}
