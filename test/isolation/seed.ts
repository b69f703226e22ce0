import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { IdentitiesServiceDefinition as MailboxDefinition } from '../../src/gen/facet/mailbox/v1/identities.js';
import { Contact, ContactKey } from '../../src/gen/facet/v1/contact.js';
import { CredentialServiceDefinition } from '../../src/gen/facet/v1/credential_service.js';
import { CredentialType } from '../../src/gen/facet/v1/credential_type.js';
import { Domain, DomainServiceDefinition } from '../../src/gen/facet/v1/domain_service.js';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { LinkedInSessionState } from '../../src/gen/facet/v1/linkedin_session.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { IdentitySchema, SchemaServiceDefinition } from '../../src/gen/facet/v1/schema_service.js';
import { grpcClient } from '../support/grpc.js';
import type { Texts } from './fill.js';

const AT_REST_MS = 10_000;

/** Two identities of one tenant with all that a request can name, by the names of the fields that name it. */
export interface Seeded {
  readonly owned: Texts;
  /** The second identity: what belongs to the first must not be found under it. */
  readonly sibling: Texts;
  /** A text that is in every record of the tenant, and nowhere else. */
  readonly canary: string;
}

/** Makes the owner's data with the owner's key. A new kind of thing that requests can name is added here. */
export async function seed(grpc: string, key: string): Promise<Seeded> {
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const identities = grpcClient(IdentityServiceDefinition, grpc, key);
  const domains = grpcClient(DomainServiceDefinition, grpc, key);
  const sessions = grpcClient(LinkedInSessionServiceDefinition, grpc, key);
  const credentials = grpcClient(CredentialServiceDefinition, grpc, key);
  const schemas = grpcClient(SchemaServiceDefinition, grpc, key);
  const make = async (name: string): Promise<Texts> => {
    const external = `${canary}-${name}`;
    // Without the canary: who upserts by it in another tenant is answered it.
    const agentsKey = `key-${randomBytes(8).toString('hex')}`;
    const identity = {
      ...Identity.decode(new Uint8Array()),
      givenName: canary,
      familyName: canary,
      externalId: external,
      identifierKey: agentsKey,
      contacts: [
        { ...Contact.decode(new Uint8Array()), key: ContactKey.EMAIL, value: `${external}@example.com` },
      ],
    };
    const { id, contacts } = await identities.createIdentity({ identity });
    const login = { identityId: id, username: '2fa@example.com', password: canary };
    const { id: session } = await sessions.startLogin(login);
    // It rests there until a code comes: what is seen of it changes no more by itself.
    const deadline = Date.now() + AT_REST_MS;
    for (let state = 0; state !== LinkedInSessionState.VERIFICATION_REQUIRED; await sleep(20)) {
      ({ state } = await sessions.getSession({ identityId: id, sessionId: session }));
      if (Date.now() > deadline) throw new Error(`the login is still in state ${state}`);
    }
    const device = { id: '', userAgent: canary, location: canary };
    const { session: signedIn, sessionToken } = await credentials.createSession({
      identityId: id,
      method: CredentialType.OIDC,
      device,
    });
    // Of the first only: under the second it is not to be found.
    if (name === 'one')
      await credentials.importCredential({
        identityId: id,
        webauthn: { userHandle: canary, credentials: [{ id: canary }] },
      });
    const { id: domain } = await domains.createDomain({
      domain: { ...Domain.decode(new Uint8Array()), name: `${external}.example`, verified: true },
    });
    const mailboxes = grpcClient(MailboxDefinition, grpc, key, { 'facet-identity': id });
    await mailboxes.createIdentity({ domainId: domain, localPart: name, displayName: canary });
    mailboxes.close();
    // Under the identity's id, since a schema's is `id` in one method and `schema_id` in another.
    const document = { title: canary, properties: { traits: {} } };
    await schemas.createSchema({ schema: { ...IdentitySchema.decode(new Uint8Array()), id, document } });
    return {
      id,
      ids: id,
      identity_id: id,
      profile_id: id,
      contact_id: contacts[0]!.id,
      domain_id: domain,
      session_id: session,
      auth_session_id: signedIn!.id,
      except_session_id: signedIn!.id,
      session_token: sessionToken,
      external_id: external,
      identifier_key: agentsKey,
      schema_id: id,
    };
  };
  const [one, two] = [await make('one'), await make('two')];
  const seeded = { owned: { ...one, source_id: two.id! }, sibling: { ...two, source_id: one.id! }, canary };
  identities.close();
  domains.close();
  sessions.close();
  credentials.close();
  schemas.close();
  return seeded;
}

/** Ids of the same form that nothing has. */
export function nobodys(ids: Texts): Texts {
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, id.slice(0, -8) + randomBytes(4).toString('hex')]),
  );
}
