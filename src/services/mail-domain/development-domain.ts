import { FacetError } from '../../domain/errors.js';
import type { IdentityContext } from '../identity/context.js';
import { addDomain } from './operations.js';

/** The domain that the mailbox contract's document writes to, so that its example works as it stands. */
export const DEVELOPMENT_DOMAIN = {
  tenant: 'dev',
  id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  name: 'example.com',
  verified: true,
};

/** Gives the tenant of the development keys its domain, unless it has one of that name. */
export async function addDevelopmentDomain(context: Pick<IdentityContext, 'store' | 'now'>): Promise<void> {
  try {
    await addDomain(context, DEVELOPMENT_DOMAIN);
  } catch (error) {
    if (!(error instanceof FacetError && error.reason === 'ALREADY_EXISTS')) throw error;
  }
}
