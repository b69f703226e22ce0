import type {
  AuthenticateRequest,
  DeleteCredentialRequest,
  ImportCredentialRequest,
  ListCredentialsRequest,
  SetPasswordRequest,
  VerifySecondFactorRequest,
} from '../../gen/facet/v1/credential.js';
import type { Call } from '../../rpc/call.js';
import type { Authentication } from '../../services/credential/authentication.js';
import type { CredentialOperations } from '../../services/credential/operations.js';
import { precondition, setEtag } from '../conditions.js';
import { authSessionToProto, credentialTypeOf, deviceOf } from './auth-session-view.js';
import { importPath, requestToImport } from './credential-import.js';
import { recordToCredential, recordToCredentials } from './credential-view.js';

/** The methods of facet.v1.CredentialService that are about credentials, and about signing in with them. */
export function credentialMethods(credentials: CredentialOperations, authentication: Authentication) {
  const owner = ({ identityId }: { identityId: string }, { principal }: Call) => ({
    tenant: principal.tenant,
    id: identityId,
  });
  const origin = (call: Call) => ({ contract: 'core' as const, precondition: precondition(call) });

  return {
    async setPassword(request: SetPasswordRequest, call: Call) {
      const password = { text: request.password, field: 'password' };
      const record = await credentials.setPassword(owner(request, call), password, origin(call), call);
      setEtag(call, record);
      return recordToCredential(record, 'password');
    },

    async importCredential(request: ImportCredentialRequest, call: Call) {
      const { type, given } = requestToImport(request);
      const record = await credentials.import(owner(request, call), given, importPath, origin(call), call);
      setEtag(call, record);
      return recordToCredential(record, type);
    },

    async listCredentials(request: ListCredentialsRequest, call: Call) {
      const record = await credentials.get(owner(request, call), call);
      setEtag(call, record);
      return { credentials: recordToCredentials(record) };
    },

    async deleteCredential(request: DeleteCredentialRequest, call: Call) {
      const which = { type: credentialTypeOf(request.type)!, identifier: request.identifier };
      await credentials.delete(owner(request, call), which, origin(call), call);
      return {};
    },

    async authenticate(request: AuthenticateRequest, call: Call) {
      const { identifier, password } = request;
      const signIn = { identifier, password, device: deviceOf(request.device) };
      const { session, token } = await authentication.authenticate(call.principal.tenant, signIn, call);
      return { session: authSessionToProto(session), sessionToken: token };
    },

    async verifySecondFactor(request: VerifySecondFactorRequest, call: Call) {
      const { sessionToken, totpCode, lookupSecret } = request;
      const factor = { totpCode, lookupSecret };
      const { tenant } = call.principal;
      return authSessionToProto(await authentication.verifySecondFactor(tenant, sessionToken, factor, call));
    },
  };
}
