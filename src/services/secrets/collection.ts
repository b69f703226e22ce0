import { claim } from '../../domain/identity-index.js';
import type { Collection } from '../../storage/store.js';
import type { Sealed } from './sealing.js';

/** A sealed secret of one login session. */
export interface SealedSecret {
  readonly id: string;
  readonly identityId: string;
  readonly sessionId: string;
  readonly sealed: Sealed;
  /** The newest lease token that it was opened with. */
  readonly openedWith: number | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The look-up key that the secrets of one session share. */
export function sessionToken(sessionId: string): string {
  return claim('session', sessionId);
}

/** What is sealed, apart from everything that is ever listed or shown. */
export const sealedSecrets: Collection<SealedSecret> = {
  name: 'sealed_secrets',
  fields: { expiresAt: 'number' },
  everyTenant: ['expiresAt'],
  index: ({ id, sessionId, expiresAt }) => ({
    claims: [claim('id', id)],
    tokens: [sessionToken(sessionId)],
    fields: { expiresAt },
  }),
};
