import { countryCode } from '../../domain/country.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { NEWEST_FIRST } from '../../domain/identity-order.js';
import type {
  CheckLinkedInRequest,
  CreateIdentityRequest,
  DeleteIdentityRequest,
  GetIdentityRequest,
  GetLinkedInStatusRequest,
  IdentityResponse,
  ListIdentitiesRequest,
  LoginLinkedInRequest,
  SubmitLinkedInCodeRequest,
  UpdateIdentityRequest,
  WatchLinkedInStatusRequest,
} from '../../gen/facet/outreach/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import type { LinkedInService } from '../../services/linkedin/linkedin-service.js';
import { createOrigin, precondition, requestKey, setEtag } from '../conditions.js';
import { createToChange, updateToChange } from './identity-change.js';
import { recordToIdentity } from './identity-view.js';
import {
  connectionToCheck,
  sessionToLogin,
  sessionToStatus,
  sessionToVerification,
} from './linkedin-view.js';

/** A list that is asked for whole: at most this many, then `next_cursor` says where it goes on. */
const WHOLE_LIST = 10_000;
const WHOLE_LIST_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 3 * 1024 * 1024;

/** facet.outreach.v1: the identities of contracts/outreach.txt and their LinkedIn logins. */
export function outreachService(identities: IdentityOperations, linkedin: LinkedInService) {
  const answer = (record: IdentityRecord, call: Call): IdentityResponse => {
    setEtag(call, record);
    return { status: 'success', identity: recordToIdentity(record) };
  };
  const owner = (request: { identityId: string }, call: Call) => ({
    tenant: call.principal.tenant,
    identityId: request.identityId,
  });

  return {
    async createIdentity(request: CreateIdentityRequest, call: Call) {
      const origin = createOrigin(call, 'outreach');
      return answer(
        await identities.create(call.principal.tenant, createToChange(request), origin, call),
        call,
      );
    },

    async listIdentities(request: ListIdentitiesRequest, call: Call) {
      const list = [call.principal.tenant, call.method];
      const after = identities.pageTokens.open(request.cursor, list, 'cursor');
      const paged = request.limit !== undefined || after !== undefined;
      const page = await identities.list(
        call.principal.tenant,
        {
          order: NEWEST_FIRST,
          limit: request.limit ?? WHOLE_LIST,
          maxBytes: paged ? PAGE_BYTES : WHOLE_LIST_BYTES,
          after,
        },
        call,
      );
      return {
        status: 'success',
        identities: page.records.map(recordToIdentity),
        nextCursor: page.next && identities.pageTokens.seal(page.next, list),
      };
    },

    async getIdentity(request: GetIdentityRequest, call: Call) {
      return answer(await identities.get(call.principal.tenant, request.identityId, call), call);
    },

    async updateIdentity(request: UpdateIdentityRequest, call: Call) {
      const key = { tenant: call.principal.tenant, id: request.identityId };
      const origin = { contract: 'outreach' as const, precondition: precondition(call) };
      return answer(await identities.update(key, updateToChange(request), origin, call), call);
    },

    async deleteIdentity(request: DeleteIdentityRequest, call: Call) {
      const key = { tenant: call.principal.tenant, id: request.identityId };
      await identities.delete(key, precondition(call), call);
      return { status: 'success', message: 'Identity deleted', identityId: request.identityId };
    },

    async loginLinkedIn(request: LoginLinkedInRequest, call: Call) {
      const { username, password, country, maxVerificationWaitTime } = request.login ?? {};
      const login = {
        username,
        password,
        country: country === undefined ? undefined : countryCode(country, 'login.country'),
        maxVerificationWaitSeconds: maxVerificationWaitTime,
        requestKey: requestKey(call),
      };
      return sessionToLogin(await linkedin.startLogin(owner(request, call), login, call));
    },

    async checkLinkedIn(request: CheckLinkedInRequest, call: Call) {
      const found = await linkedin.getConnection(owner(request, call), call);
      return connectionToCheck(request.identityId, found);
    },

    async getLinkedInStatus(request: GetLinkedInStatusRequest, call: Call) {
      return sessionToStatus(await linkedin.getSession(owner(request, call), request.sessionId, call));
    },

    async *watchLinkedInStatus(request: WatchLinkedInStatusRequest, call: Call) {
      const updates = linkedin.watch(owner(request, call), request.sessionId, request.afterSequence, call);
      for await (const update of updates) {
        // The gateway keeps the connection alive by itself; a heartbeat has no place in the document's shape.
        if (update.session !== null) yield sessionToStatus(update.session);
      }
    },

    async submitLinkedInCode(request: SubmitLinkedInCodeRequest, call: Call) {
      const code = request.verification?.code.trim();
      if (!code) throw new FacetError('INVALID_INPUT');
      return sessionToVerification(
        await linkedin.submitCode(owner(request, call), request.sessionId, code, call),
      );
    },
  };
}
