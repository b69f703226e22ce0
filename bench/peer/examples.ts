import { DEVELOPMENT_DOMAIN } from '../../src/services/mail-domain/development-domain.js';

/** A valid request of a method, from which others are made by spoiling it. */
export interface Example {
  /** Which world's identity its path names: `{{own.NAME}}` where writes are to be apart. */
  readonly identity?: 'shared' | 'own';
  /** What the contract writes before an id. */
  readonly idPrefix?: string;
  /** The scenario of the login that its path names. */
  readonly session?: string;
  /** What of the identity its path names, where that is not the same for all methods of a contract. */
  readonly part?: string;
  /** What it is answered with, where that is no success: what it must find cannot be made for it. */
  readonly status?: number;
  readonly query?: string;
  readonly body?: object;
}

/** By full method name. A method that is not here is asked with nothing but its path. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'facet.v1.IdentityService/CreateIdentity': {
    query: 'request_id=',
    body: {
      givenName: 'Grace',
      familyName: 'Hopper',
      jobTitle: 'Admiral',
      countryCode: 'us',
      tags: ['navy'],
      state: 'IDENTITY_STATE_ACTIVE',
    },
  },
  'facet.v1.IdentityService/BatchGetIdentities': { query: 'ids={{shared.a}}&ids={{shared.b}}' },
  'facet.v1.IdentityService/ListIdentities': { query: 'pageSize=3&orderBy=family_name' },
  'facet.v1.IdentityService/LookupIdentity': { query: 'externalId={{shared.a.external}}' },
  'facet.v1.IdentityService/UpdateIdentity': {
    body: { givenName: 'Grace', displayName: null, tags: [], countryCode: 'fr' },
  },
  'facet.v1.IdentityService/MergeIdentities': { body: { sourceId: '{{fresh}}' } },
  'facet.v1.ContactService/CreateContact': {
    body: { key: 'CONTACT_KEY_EMAIL', value: 'grace@example.com' },
  },
  'facet.v1.ContactService/UpdateContact': { body: { value: 'hopper@example.com' } },
  'facet.v1.CredentialService/SetPassword': { body: { password: 'correct horse {{side}}' } },
  'facet.v1.CredentialService/ImportCredential': {
    body: { oidc: { providers: [{ provider: 'github', subject: '{{new}}' }] } },
  },
  'facet.v1.CredentialService/Authenticate': {
    status: 400,
    body: { identifier: '{{new}}@example.com', password: 'secret' },
  },
  'facet.v1.CredentialService/VerifySecondFactor': {
    status: 404,
    body: { sessionToken: '{{new}}', totpCode: '123456' },
  },
  'facet.v1.CredentialService/CreateSession': {
    part: 'account',
    body: { method: 'CREDENTIAL_TYPE_OIDC', device: { userAgent: 'curl/8', location: 'Paris, FR' } },
  },
  'facet.v1.CredentialService/IntrospectSession': { body: { sessionToken: '{{own.looked.token}}' } },
  'facet.v1.CredentialService/RefreshSession': { body: { sessionToken: '{{own.refreshed.token}}' } },
  'facet.v1.DomainService/CreateDomain': { body: { name: '{{new}}.example' } },
  'facet.v1.DomainService/VerifyDomain': { body: {} },
  'facet.v1.SchemaService/UpdateSchema': {
    body: { document: { properties: { traits: { type: 'object' } } } },
  },
  'facet.v1.SchemaService/CreateSchema': {
    body: { id: 'person-{{new}}', document: { properties: { traits: { type: 'object' } } } },
  },
  'facet.v1.SchemaService/ListSchemas': { query: 'pageSize=3' },
  'facet.v1.LinkedInSessionService/StartLogin': {
    body: {
      username: 'ok@example.com',
      password: 'secret',
      countryCode: 'de',
      maxVerificationWaitSeconds: 60,
    },
  },
  'facet.v1.LinkedInSessionService/GetConnection': { identity: 'shared', session: 'ok' },
  'facet.v1.LinkedInSessionService/GetSession': { identity: 'shared', session: '2fa' },
  'facet.v1.LinkedInSessionService/SubmitCode': { session: '2fa', body: { code: '123456' } },
  'facet.v1.LinkedInSessionService/ResendCode': { session: '2fa', body: {} },
  'facet.v1.LinkedInSessionService/CancelLogin': { session: '2fa', body: {} },
  'facet.v1.LinkedInSessionService/Disconnect': { session: 'ok', body: {} },
  'facet.v1.LinkedInSessionService/WatchLoginStatus': { identity: 'shared', session: 'ok' },
  'facet.outreach.v1.IdentitiesService/CreateIdentity': {
    body: { firstName: 'Grace', lastName: 'Hopper', role: 'Admiral' },
  },
  'facet.outreach.v1.IdentitiesService/ListIdentities': { query: 'limit=3' },
  'facet.outreach.v1.IdentitiesService/UpdateIdentity': { body: { firstName: 'Grace', jobTitle: 'Admiral' } },
  'facet.outreach.v1.IdentitiesService/LoginLinkedIn': {
    body: { username: 'ok@example.com', password: 'secret', country: 'de', max_verification_wait_time: 60 },
  },
  'facet.outreach.v1.IdentitiesService/CheckLinkedIn': { identity: 'shared', session: 'ok' },
  'facet.outreach.v1.IdentitiesService/GetLinkedInStatus': { identity: 'shared', session: 'badpass' },
  'facet.outreach.v1.IdentitiesService/WatchLinkedInStatus': { identity: 'shared', session: 'ok' },
  'facet.outreach.v1.IdentitiesService/SubmitLinkedInCode': { session: '2fa', body: { code: '123456' } },
  'facet.agents.v1.IdentitiesService/ListIdentities': { query: 'limit=3&order=asc&name=grace' },
  'facet.agents.v1.IdentitiesService/CreateIdentity': {
    body: {
      identifier_key: 'created-{{new}}',
      name: 'Grace Hopper',
      identity_type: 'user',
      properties: [{ key: 'rank', type: 'string', value: 'Admiral' }],
    },
  },
  'facet.agents.v1.IdentitiesService/UpsertIdentity': {
    body: { identifier_key: '{{own.upserted.external}}', name: 'Grace Hopper', identity_type: 'user' },
  },
  'facet.agents.v1.IdentitiesService/RetrieveIdentity': { idPrefix: 'identity-' },
  'facet.agents.v1.IdentitiesService/ModifyIdentity': { idPrefix: 'identity-', body: { name: 'Grace' } },
  'facet.agents.v1.IdentitiesService/DeleteIdentity': { idPrefix: 'identity-' },
  'facet.agents.v1.IdentitiesService/UpsertIdentityProperties': {
    idPrefix: 'identity-',
    body: [{ key: 'rank', type: 'json', value: { ships: 1 } }],
  },
  'facet.agents.v1.IdentitiesService/ListIdentityAgents': { idPrefix: 'identity-', query: 'limit=3' },
  'facet.agents.v1.IdentitiesService/ListIdentityBlocks': { idPrefix: 'identity-', query: 'limit=3' },
  'facet.profiles.v1.ProfilesService/ListProfiles': { query: 'limit=3&sortBy=name' },
  'facet.profiles.v1.ProfilesService/CreateProfile': {
    body: {
      firstName: 'Grace',
      lastName: null,
      enabled: false,
      countryNumericCode: '840',
      contacts: [{ key: 'email', value: 'grace@example.com' }],
    },
  },
  'facet.profiles.v1.ProfilesService/UpdateProfile': {
    body: { firstName: 'Grace', middleName: null, enabled: true, countryNumericCode: '076' },
  },
  'facet.profiles.v1.ProfilesService/CreateContact': { body: { key: 'phone', value: '+9876543210' } },
  'facet.profiles.v1.ProfilesService/UpdateContact': { body: { key: 'email', value: 'hopper@example.com' } },
  'facet.mailbox.v1.IdentitiesService/CreateIdentity': {
    body: {
      domain_id: DEVELOPMENT_DOMAIN.id,
      local_part: 'grace-{{new}}',
      display_name: 'Grace Hopper',
      reply_to_email: null,
      thread_history_depth: 3,
      approval_channel: { kind: 'chat', rooms: [1, 2.5, null] },
    },
  },
  'facet.mailbox.v1.IdentitiesService/ListIdentities': { query: 'limit=3' },
  'facet.mailbox.v1.IdentitiesService/UpdateIdentity': {
    body: { display_name: 'Rear Admiral Hopper', signature_text: null, approval_channel: {} },
  },
  'facet.admin.v1.IdentitiesService/CreateIdentity': {
    body: {
      schema_id: 'default',
      traits: { name: { first: 'Grace', last: 'Hopper' } },
      metadata_public: { a: 1 },
    },
  },
  'facet.admin.v1.IdentitiesService/ListIdentities': { query: 'page_size=3' },
  'facet.admin.v1.IdentitiesService/UpdateIdentity': { body: { traits: { name: { first: 'Grace' } } } },
  'facet.admin.v1.IdentitiesService/PatchIdentity': {
    body: [{ op: 'add', path: '/metadata_admin', value: { a: [1, null] } }],
  },
};
