import { claim } from '../../domain/identity-index.js';
import type { MailDomain } from '../../domain/mail-domain.js';
import type { Collection } from '../../storage/store.js';

/** The mail domains of all tenants. */
export const mailDomains: Collection<MailDomain> = {
  name: 'domains',
  fields: {},
  index: ({ name }) => ({ claims: [claim('name', name)], tokens: [], fields: {} }),
};
