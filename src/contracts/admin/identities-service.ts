import type { CredentialType } from '../../domain/credential/credential.js';
import { configPath } from '../../domain/credential/import.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type { PatchOperation } from '../../domain/json-patch/apply-patch.js';
import type {
  CreateIdentityRequest,
  DeleteIdentityCredentialsRequest,
  DeleteIdentityRequest,
  DeleteIdentitySessionsRequest,
  GetIdentityByExternalIdRequest,
  GetIdentityRequest,
  GetIdentitySchemaRequest,
  ListIdentitiesRequest,
  ListIdentitySessionsRequest,
  PatchIdentityRequest,
  UpdateIdentityRequest,
} from '../../gen/facet/admin/v1/identities.js';
import type { Call } from '../../rpc/call.js';
import type { AuthSessionOperations } from '../../services/auth-session/operations.js';
import type { CredentialOperations } from '../../services/credential/operations.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import type { SchemaOperations } from '../../services/schema/operations.js';
import type { TraitsOperations } from '../../services/traits/operations.js';
import { createOrigin, precondition, setEtag } from '../conditions.js';
import { tellingConflicts } from './conflict.js';
import { messageToImport } from './credential-import.js';
import { createToChange, updateToChange } from './identity-change.js';
import { recordToIdentity, type ShownCredentials } from './identity-view.js';
import { listPage } from './list-page.js';
import { patchToChange } from './patch-change.js';
import { assertPatchable } from './patch-paths.js';
import { listSessionsPage } from './session-page.js';
import { sessionToView } from './session-view.js';

/** What the contract is made of. */
export interface AdminParts {
  readonly identities: IdentityOperations;
  readonly traits: TraitsOperations;
  readonly schemas: SchemaOperations;
  readonly credentials: CredentialOperations;
  readonly sessions: AuthSessionOperations;
  /** A keyed hash: what it is made of cannot be found out by trying. */
  readonly fingerprint: (text: string) => string;
}

/** facet.admin.v1: the identities of contracts/admin.txt, as clients of identity servers ask for them. */
export function adminService(parts: AdminParts) {
  const { identities, traits, schemas, credentials, sessions, fingerprint } = parts;
  // Ids are compared as UUIDs are: in lower case.
  const key = (request: { id: string }, call: Call) => ({
    tenant: call.principal.tenant,
    id: request.id.toLowerCase(),
  });
  const origin = (call: Call) => ({ contract: 'admin' as const, precondition: precondition(call) });
  const answer = (record: IdentityRecord, call: Call, included: readonly string[] = []) => {
    setEtag(call, record);
    return recordToIdentity(record, shownCredentials(included, call));
  };

  return {
    async createIdentity(request: CreateIdentityRequest, call: Call) {
      const { tenant } = call.principal;
      const imported = messageToImport(request.credentials, call);
      const newCredentials =
        imported && (await credentials.prepareImport(tenant, imported, configPath('credentials'), call));
      const change = { ...createToChange(request), newCredentials };
      const text = JSON.stringify(request);
      const asked = { ...createOrigin(call, 'admin'), asked: imported ? fingerprint(text) : text };
      const record = await tellingConflicts(() => traits.create(tenant, change, asked, call));
      call.setHeader('location', `identities/${record.id}`);
      return answer(record, call);
    },

    async listIdentities(request: ListIdentitiesRequest, call: Call) {
      const shown = shownCredentials(request.includeCredential, call);
      const records = await listPage(identities, request, call);
      const asked = request.includeCredential.length > 0 || request.credentialsIdentifier !== '';
      return { identities: records.map((record) => recordToIdentity(record, asked ? shown : 'none')) };
    },

    async getIdentity(request: GetIdentityRequest, call: Call) {
      const { tenant, id } = key(request, call);
      return answer(await identities.get(tenant, id, call), call, request.includeCredential);
    },

    async getIdentityByExternalId(request: GetIdentityByExternalIdRequest, call: Call) {
      const identifier = { kind: 'external_id' as const, value: request.externalId };
      const record = await identities.lookup(call.principal.tenant, identifier, call);
      return answer(record, call, request.includeCredential);
    },

    async updateIdentity(request: UpdateIdentityRequest, call: Call) {
      const imported = messageToImport(request.identity!.credentials, call);
      const newCredentials =
        imported &&
        (await credentials.prepareImport(
          call.principal.tenant,
          imported,
          configPath('identity.credentials'),
          call,
        ));
      const change = { ...updateToChange(request), newCredentials };
      const likely = request.identity!.schemaId || 'default';
      const record = await tellingConflicts(() =>
        traits.rewrite(key(request, call), () => change, { ...origin(call), likely }, call),
      );
      return answer(record, call);
    },

    async patchIdentity(request: PatchIdentityRequest, call: Call) {
      // The proto's rules have seen to the paths.
      const operations = request.operations as PatchOperation[];
      assertPatchable(operations);
      const plan = (record: IdentityRecord) => patchToChange(record, operations);
      const record = await tellingConflicts(() =>
        traits.rewrite(key(request, call), plan, origin(call), call),
      );
      return answer(record, call);
    },

    async deleteIdentity(request: DeleteIdentityRequest, call: Call) {
      await identities.delete(key(request, call), precondition(call), call);
      return {};
    },

    async deleteIdentityCredentials(request: DeleteIdentityCredentialsRequest, call: Call) {
      const { type, identifier } = request;
      await credentials.delete(
        key(request, call),
        { type: type as CredentialType, identifier },
        origin(call),
        call,
      );
      return {};
    },

    async listIdentitySessions(request: ListIdentitySessionsRequest, call: Call) {
      const { tenant, id } = key(request, call);
      const record = await identities.get(tenant, id, call);
      const page = await listSessionsPage(sessions, identities.pageTokens, record, request, call);
      return { sessions: page.map((session) => sessionToView(session, record)) };
    },

    async deleteIdentitySessions(request: DeleteIdentitySessionsRequest, call: Call) {
      const { tenant, id } = key(request, call);
      // 404 for an unknown identity, whether or not it has sessions.
      await identities.get(tenant, id, call);
      await sessions.revokeAll({ tenant, identityId: id }, {}, call);
      return {};
    },

    async getIdentitySchema({ schemaId }: GetIdentitySchemaRequest, call: Call) {
      const { document } = await schemas.get(call.principal.tenant, schemaId, call);
      return { document: JSON.parse(document) };
    },
  };
}

/** All credentials, with the configs that are asked for. Throws SCOPE_MISSING where the key may not ask for any. */
function shownCredentials(included: readonly string[], call: Call): ShownCredentials {
  if (included.length > 0 && !call.principal.scopes.includes('admin')) throw new FacetError('SCOPE_MISSING');
  return { included };
}
