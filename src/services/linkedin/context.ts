import type { Logger } from 'pino';
import type { Clock } from '../../domain/linkedin/clock.js';
import type { Store } from '../../storage/store.js';
import type { Secrets } from '../secrets/secrets.js';
import type { LinkedInConnector } from './connector.js';

/** What the parts of the LinkedIn service share. */
export interface LinkedInContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly secrets: Secrets;
  /** Undefined where this process logs nobody in. */
  readonly connector: LinkedInConnector | undefined;
  /** What new sessions are marked with; undefined where no login can be taken. */
  readonly connectorName: string | undefined;
  /** This process among those that share the store. */
  readonly ownerId: string;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
  /** Lets work go on behind the caller's back; its failure is logged, and closing waits for it. */
  background(what: string, work: Promise<unknown>): void;
}
