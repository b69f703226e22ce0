import type { IdentityContext } from '../identity/context.js';

/** What the operations on auth sessions need. */
export type AuthSessionContext = Pick<IdentityContext, 'store' | 'now' | 'newId'>;

/** Whose session. The id may be one that was merged into the identity. */
export interface SessionOwner {
  readonly tenant: string;
  readonly identityId: string;
}
