import { countryCode } from '../../domain/country.js';
import { type LoginEvent, LoginEventType } from '../../gen/facet/v1/linkedin_session.js';
import type {
  CancelLoginRequest,
  DisconnectRequest,
  GetConnectionRequest,
  GetSessionRequest,
  ResendCodeRequest,
  StartLoginRequest,
  SubmitCodeRequest,
  WatchLoginStatusRequest,
} from '../../gen/facet/v1/linkedin_session_service.js';
import type { Call } from '../../rpc/call.js';
import type { LinkedInService, LoginUpdate } from '../../services/linkedin/linkedin-service.js';
import { requestKey } from '../conditions.js';
import { connectionToProto, sessionToProto } from './linkedin-view.js';

const EVENT_TYPE: Record<LoginUpdate['type'], LoginEventType> = {
  snapshot: LoginEventType.SNAPSHOT,
  state_changed: LoginEventType.STATE_CHANGED,
  challenge: LoginEventType.CHALLENGE,
  code_result: LoginEventType.CODE_RESULT,
  heartbeat: LoginEventType.HEARTBEAT,
};

/** facet.v1.LinkedInSessionService. */
export function linkedInSessionService(linkedin: LinkedInService) {
  const owner = (request: { identityId: string }, call: Call) => ({
    tenant: call.principal.tenant,
    identityId: request.identityId,
  });

  return {
    async startLogin(request: StartLoginRequest, call: Call) {
      const { username, password, countryCode: country, maxVerificationWaitSeconds } = request;
      const login = {
        username,
        password,
        country: country === undefined ? undefined : countryCode(country, 'country_code'),
        maxVerificationWaitSeconds,
        requestKey: requestKey(call, request.requestId),
      };
      return sessionToProto(await linkedin.startLogin(owner(request, call), login, call));
    },

    async getSession(request: GetSessionRequest, call: Call) {
      return sessionToProto(await linkedin.getSession(owner(request, call), request.sessionId, call));
    },

    async getConnection(request: GetConnectionRequest, call: Call) {
      return connectionToProto((await linkedin.getConnection(owner(request, call), call)).connection);
    },

    async submitCode(request: SubmitCodeRequest, call: Call) {
      const code = request.code.trim();
      return sessionToProto(await linkedin.submitCode(owner(request, call), request.sessionId, code, call));
    },

    async resendCode(request: ResendCodeRequest, call: Call) {
      return sessionToProto(await linkedin.resendCode(owner(request, call), request.sessionId, call));
    },

    async cancelLogin(request: CancelLoginRequest, call: Call) {
      return sessionToProto(await linkedin.cancel(owner(request, call), request.sessionId, call));
    },

    async disconnect(request: DisconnectRequest, call: Call) {
      return connectionToProto(await linkedin.disconnect(owner(request, call), call));
    },

    async *watchLoginStatus(request: WatchLoginStatusRequest, call: Call): AsyncGenerator<LoginEvent> {
      const updates = linkedin.watch(owner(request, call), request.sessionId, request.afterSequence, call);
      for await (const update of updates) yield updateToEvent(update);
    },
  };
}

function updateToEvent(update: LoginUpdate): LoginEvent {
  return {
    type: EVENT_TYPE[update.type],
    sequence: update.sequence,
    session: update.session === null ? undefined : sessionToProto(update.session),
    serverTime: new Date(update.serverTime),
    resync: update.resync,
    expireTime: update.expireTime === null ? undefined : new Date(update.expireTime),
  };
}
