import { createHmac, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { COLLECTIONS } from './collections.js';
import { adminService } from './contracts/admin/identities-service.js';
import { agentsService } from './contracts/agents/identities-service.js';
import { contactService } from './contracts/core/contact-service.js';
import { credentialService } from './contracts/core/credential-service.js';
import { domainService } from './contracts/core/domain-service.js';
import { identityService } from './contracts/core/identity-service.js';
import { linkedInSessionService } from './contracts/core/linkedin-session-service.js';
import { schemaService } from './contracts/core/schema-service.js';
import { mailboxService } from './contracts/mailbox/identities-service.js';
import { outreachService } from './contracts/outreach/identities-service.js';
import { profilesService } from './contracts/profiles/profiles-service.js';
import { IdentitiesServiceDefinition as AdminDefinition } from './gen/facet/admin/v1/identities.js';
import { IdentitiesServiceDefinition as AgentsDefinition } from './gen/facet/agents/v1/identities.js';
import { IdentitiesServiceDefinition as MailboxDefinition } from './gen/facet/mailbox/v1/identities.js';
import { IdentitiesServiceDefinition as OutreachDefinition } from './gen/facet/outreach/v1/identities.js';
import { ProfilesServiceDefinition } from './gen/facet/profiles/v1/profiles.js';
import { ContactServiceDefinition } from './gen/facet/v1/contact_service.js';
import { CredentialServiceDefinition } from './gen/facet/v1/credential_service.js';
import { DomainServiceDefinition } from './gen/facet/v1/domain_service.js';
import { IdentityServiceDefinition } from './gen/facet/v1/identity_service.js';
import { LinkedInSessionServiceDefinition } from './gen/facet/v1/linkedin_session_service.js';
import { SchemaServiceDefinition } from './gen/facet/v1/schema_service.js';
import { readImageFile } from './image.js';
import { watchReadiness } from './readiness.js';
import { healthService } from './rpc/health.js';
import type { Limits } from './rpc/limits.js';
import { createPipeline, type Pipeline } from './rpc/pipeline.js';
import { reflectionServices } from './rpc/reflection.js';
import { service } from './rpc/service.js';
import { forgetSessions } from './services/auth-session/ending.js';
import { authSessionOperations } from './services/auth-session/operations.js';
import { createAuthSessionUpkeep } from './services/auth-session/upkeep.js';
import { contactOperations } from './services/contact/operations.js';
import { createCredentials } from './services/credential/credentials.js';
import type { IdentityContext } from './services/identity/context.js';
import { identityOperations } from './services/identity/operations.js';
import { createIdentityUpkeep } from './services/identity/upkeep.js';
import { createAuthenticator, type TokenCheck } from './services/keys/authenticate.js';
import type { LinkedInConnector } from './services/linkedin/connector.js';
import { createLinkedInService } from './services/linkedin/linkedin-service.js';
import { addDevelopmentDomain } from './services/mail-domain/development-domain.js';
import { mailDomainOperations } from './services/mail-domain/operations.js';
import { createPageTokens } from './services/page-token.js';
import { schemaOperations } from './services/schema/operations.js';
import { createSecrets } from './services/secrets/secrets.js';
import { traitsOperations } from './services/traits/operations.js';
import type { Store } from './storage/store.js';

export interface AppOptions {
  readonly store: Store;
  /** 32 bytes each, newest first. */
  readonly sealingKeys: readonly Uint8Array[];
  /** Who logs in to LinkedIn: a connector in this process, or workers that take logins from the store. */
  readonly connector: LinkedInConnector | 'worker';
  readonly developmentKeys: boolean;
  readonly checkToken?: TokenCheck | undefined;
  readonly limits?: Partial<Limits>;
  readonly log: Logger;
}

/** The service, without a way in: a pipeline to be put behind a gRPC server and a gateway. */
export interface App {
  readonly pipeline: Pipeline;
  /** Whether the store answers. */
  ready(): boolean;
  /** Opens the store as soon as it is there, and then works on logins; resolves after the first try. */
  start(): Promise<void>;
  /** Ends calls under way, at the latest after that many milliseconds, and closes the store. */
  stop(withinMs: number): Promise<void>;
}

/** Puts the service together. Throws where a part of it cannot work. */
export function createApp(options: AppOptions): App {
  const { store, log, sealingKeys } = options;
  const image = readImageFile();
  const secrets = createSecrets({ store, keys: sealingKeys, now: Date.now });
  const linkedin = createLinkedInService({
    store,
    connector: options.connector,
    secrets,
    log,
    forget: (identity) => forgetSessions({ store }, identity),
    // Of this run: after a kill the logins that the last one held wait for the end of its lease, 30 s at most.
    ownerId: randomUUID(),
  });
  const context: IdentityContext = {
    store,
    pageTokens: createPageTokens(sealingKeys),
    now: () => new Date(),
    newId: uuidv7,
    cleanUp: (tenant, id) => linkedin.identityDeleted(tenant, id),
    log,
  };
  const upkeep = createIdentityUpkeep(context);
  const operations = identityOperations(context);
  const sessions = authSessionOperations(context);
  const credentials = createCredentials(context, sessions, sealingKeys);
  const sessionUpkeep = createAuthSessionUpkeep(context);
  const contacts = contactOperations(context);
  const domains = mailDomainOperations(context);
  const schemas = schemaOperations(context);
  const readiness = watchReadiness(store, COLLECTIONS, log);

  const own = [
    service(IdentityServiceDefinition, identityService(operations)),
    service(ContactServiceDefinition, contactService(contacts)),
    service(
      CredentialServiceDefinition,
      credentialService(
        { credentials: credentials.operations, authentication: credentials.authentication, sessions },
        context.pageTokens,
      ),
    ),
    service(DomainServiceDefinition, domainService(domains, context.pageTokens)),
    service(SchemaServiceDefinition, schemaService(schemas, context.pageTokens)),
    service(LinkedInSessionServiceDefinition, linkedInSessionService(linkedin)),
    service(OutreachDefinition, outreachService(operations, linkedin)),
    service(MailboxDefinition, mailboxService(operations, domains)),
    service(AgentsDefinition, agentsService(operations)),
    service(
      AdminDefinition,
      adminService({
        identities: operations,
        traits: traitsOperations(context),
        schemas,
        credentials: credentials.operations,
        sessions,
        fingerprint: (text) => createHmac('sha256', sealingKeys[0]!).update(text).digest('hex'),
      }),
    ),
    service(ProfilesServiceDefinition, profilesService(operations, contacts)),
  ];
  const names = own.map(({ fullName }) => fullName);
  const pipeline = createPipeline({
    image,
    services: [
      ...own,
      healthService(names, readiness.ready),
      ...reflectionServices(image, [...names, 'grpc.health.v1.Health']),
    ],
    authenticate: createAuthenticator({
      store,
      developmentKeys: options.developmentKeys,
      checkToken: options.checkToken,
    }),
    ...(options.limits && { limits: options.limits }),
    log,
  });

  return {
    pipeline,
    ready: readiness.ready,
    start: () =>
      readiness.start(async () => {
        linkedin.start();
        upkeep.start();
        sessionUpkeep.start();
        credentials.start();
        if (!options.developmentKeys || store.name !== 'embedded') return;
        await addDevelopmentDomain(context).catch((error: unknown) => {
          log.warn({ err: error }, 'the development domain could not be added');
        });
      }),
    async stop(withinMs) {
      readiness.stop();
      await pipeline.stop(withinMs);
      await Promise.all([linkedin.close(), upkeep.close(), sessionUpkeep.close(), credentials.close()]);
      await store.close();
    },
  };
}
