import type {
  CreateSessionRequest,
  CredentialServiceGetSessionRequest,
  IntrospectSessionRequest,
  ListSessionsRequest,
  RefreshSessionRequest,
  RevokeSessionRequest,
  RevokeSessionsRequest,
} from '../../gen/facet/v1/credential_service.js';
import type { Call } from '../../rpc/call.js';
import type { AuthSessionOperations } from '../../services/auth-session/operations.js';
import type { PageTokens } from '../../services/page-token.js';
import { assuranceLevelOf, authSessionToProto, credentialTypeOf, deviceOf } from './auth-session-view.js';

const PAGE_SIZE = 50;

/** The methods of facet.v1.CredentialService that are about sessions. */
export function sessionMethods(sessions: AuthSessionOperations, pageTokens: PageTokens) {
  const owner = ({ identityId }: { identityId: string }, { principal }: Call) => ({
    tenant: principal.tenant,
    identityId,
  });

  return {
    async createSession(request: CreateSessionRequest, call: Call) {
      const signIn = {
        method: credentialTypeOf(request.method)!,
        aal: assuranceLevelOf(request.authenticatorAssuranceLevel),
        device: deviceOf(request.device),
      };
      const { session, token } = await sessions.create(owner(request, call), signIn, call);
      return { session: authSessionToProto(session), sessionToken: token };
    },

    async getSession(request: CredentialServiceGetSessionRequest, call: Call) {
      const key = { ...owner(request, call), sessionId: request.authSessionId };
      return authSessionToProto(await sessions.get(key, call));
    },

    async listSessions(request: ListSessionsRequest, call: Call) {
      const { identityId, active, pageToken } = request;
      const list = [call.principal.tenant, call.method, identityId, String(active)];
      const after = pageTokens.open(pageToken, list, 'page_token');
      const limit = request.pageSize || PAGE_SIZE;
      const page = await sessions.list(owner(request, call), { active, limit, after }, call);
      const nextPageToken = page.next ? pageTokens.seal(page.next, list) : '';
      return { sessions: page.sessions.map(authSessionToProto), nextPageToken };
    },

    async introspectSession({ sessionToken }: IntrospectSessionRequest, call: Call) {
      const found = await sessions.holding(call.principal.tenant, sessionToken, call);
      return { active: found !== undefined, session: found && authSessionToProto(found.session) };
    },

    async refreshSession({ sessionToken }: RefreshSessionRequest, call: Call) {
      return authSessionToProto(await sessions.refresh(call.principal.tenant, sessionToken, call));
    },

    async revokeSession(request: RevokeSessionRequest, call: Call) {
      await sessions.revoke({ ...owner(request, call), sessionId: request.authSessionId }, call);
      return {};
    },

    async revokeSessions(request: RevokeSessionsRequest, call: Call) {
      const except = request.exceptSessionId;
      return { revokedCount: await sessions.revokeAll(owner(request, call), { except }, call) };
    },
  };
}
