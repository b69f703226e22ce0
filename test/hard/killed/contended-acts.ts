import { Contact, ContactKey } from '../../../src/gen/facet/v1/contact.js';
import { ContactServiceDefinition } from '../../../src/gen/facet/v1/contact_service.js';
import { grpcClient } from '../../support/grpc.js';
import { identityOf } from '../../support/identity-message.js';
import type { StartedRole } from '../../support/start-role.js';
import { identitiesAt } from '../identities-at.js';
import type { Fates } from './fates.js';
import type { Titles } from './titles.js';

/** External ids that all want: as many of contacts, and as many of identities. */
export const CLAIMS = 24;

/** What is contended for, and what is known of it. */
export interface Contended {
  /** The records that all write to, with their titles. */
  readonly records: ReadonlyMap<string, Titles>;
  readonly people: Fates;
  /** By "identity/contact". */
  readonly contacts: Fates;
}

export type Clients = ReturnType<typeof clientsAt>;

export function clientsAt({ grpc }: StartedRole, key: string) {
  const identities = identitiesAt(grpc!, key);
  const contacts = grpcClient(ContactServiceDefinition, grpc!, key);
  const close = () => {
    identities.close();
    contacts.close();
  };
  return { identities, contacts, close };
}

export const personOf = (claim: number) => identityOf({ givenName: 'Ada', externalId: `person ${claim}` });

export const contactOf = (claim: number): Contact => ({
  ...Contact.decode(new Uint8Array()),
  key: ContactKey.PHONE,
  value: `+4930${1_000_000 + claim}`,
  externalId: `contact ${claim}`,
});

/** Writes that get in each other's way; each notes what it knows, and throws where it was refused or lost. */
export function actsOn({ records, people, contacts: known }: Contended, clients: Clients) {
  const { identities, contacts } = clients;
  const anyOf = (n: number) => [...records][n % records.size]!;
  return [
    async (n: number) => {
      const [id, titles] = anyOf(n);
      const jobTitle = titles.next();
      const update = { identity: identityOf({ id, jobTitle }), updateMask: ['job_title'] };
      titles.acknowledged(jobTitle, (await identities.updateIdentity(update)).etag);
    },
    async (n: number) => {
      const [identityId] = anyOf(n);
      const { id } = await contacts.createContact({ identityId, contact: contactOf(n % CLAIMS) });
      known.made(`${identityId}/${id}`);
    },
    async () => {
      const taken = known.take();
      const [identityId, contactId] = taken.split('/');
      await contacts.deleteContact({ identityId: identityId!, contactId: contactId! });
      known.removed(taken);
    },
    async (n: number) => {
      people.made((await identities.createIdentity({ identity: personOf(n % CLAIMS) })).id);
    },
    async () => {
      const id = people.take();
      await identities.deleteIdentity({ id });
      people.removed(id);
    },
  ];
}
