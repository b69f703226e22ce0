import type { Role } from '../../../src/config/config.js';
import type { StartedRole } from '../../support/start-role.js';

/** What a process is asked to write until it is killed. */
export interface LoadKind {
  readonly what: string;
  readonly role: Role;
  /** Begins to write, with a key of a tenant in which there is nothing yet. */
  begin(at: StartedRole, key: string): Promise<Load>;
}

export interface Load {
  /** Writes that have been acknowledged. */
  acknowledged(): number;
  /** Begins nothing more; resolves when every call has ended. */
  end(): Promise<void>;
  /** Asks another process on the same store for all that was acknowledged; throws where something is missing or half. */
  mustHold(at: StartedRole): Promise<void>;
  /** Waits for what goes on by itself to come to its end. */
  mustSettle?(at: StartedRole): Promise<void>;
}

/** Runs so many loops of a load, each of which goes on until it is over. */
export function inLoops(
  count: number,
  loop: (n: number, isOver: () => boolean) => Promise<void>,
): { end(): Promise<void> } {
  let over = false;
  const loops = Promise.all(Array.from({ length: count }, (_, n) => loop(n, () => over)));
  // Told by `end`, not as a rejection that nobody handles.
  loops.catch(() => undefined);
  return {
    async end() {
      over = true;
      await loops;
    },
  };
}
