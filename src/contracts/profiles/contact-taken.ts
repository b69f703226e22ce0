import { CONTACT_EXTERNAL_ID } from '../../domain/contact-change.js';
import { FacetError } from '../../domain/errors.js';

/** Where a contact's external id is taken, the error in the words of profiles: there it is the contact's uuid. */
export function inWordsOfProfiles(error: unknown): never {
  if (!(error instanceof FacetError) || error.code !== 'ALREADY_EXISTS') throw error;
  const [taken] = error.violations;
  if (taken?.field !== CONTACT_EXTERNAL_ID) throw error;
  throw new FacetError(error.reason, {
    message: 'Another contact already holds this uuid.',
    violations: [{ ...taken, field: 'contact.uuid' }],
  });
}
