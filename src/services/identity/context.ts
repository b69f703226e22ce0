import type { Logger } from 'pino';
import type { Store } from '../../storage/store.js';
import type { PageTokens } from '../page-token.js';

/** What the operations on identities need. */
export interface IdentityContext {
  readonly store: Store;
  readonly pageTokens: PageTokens;
  readonly now: () => Date;
  /** A new id, a UUIDv7. */
  readonly newId: () => string;
  /** Finishes a deletion: ends logins, forgets secrets, removes what is left of the record. */
  readonly cleanUp: (tenant: string, id: string) => Promise<void>;
  readonly log: Logger;
}
