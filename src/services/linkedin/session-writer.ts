import { FacetError } from '../../domain/errors.js';
import type { SessionEvent } from '../../domain/linkedin/session-event.js';
import { transition } from '../../domain/linkedin/session-machine.js';
import { mutate } from '../../storage/mutate.js';
import type { Key, Store, Wait } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';

/** The only way in which a session changes. */
export interface SessionWriter {
  /** The session after the event. Throws FacetError: the machine's refusal, or SESSION_NOT_FOUND. */
  apply(key: Key, event: SessionEvent, wait?: Wait): Promise<SessionDocument>;
  /** The same, but undefined where the event does not apply. */
  attempt(key: Key, event: SessionEvent, wait?: Wait): Promise<SessionDocument | undefined>;
}

/** `written` hears of every session as it is after a write of this process. */
export function createSessionWriter(
  store: Store,
  now: () => number,
  written: (session: SessionDocument) => void,
): SessionWriter {
  async function apply({ tenant, id }: Key, event: SessionEvent, wait?: Wait): Promise<SessionDocument> {
    const time = now();
    const after = await mutate(
      store,
      linkedinSessions,
      { tenant, id },
      (session) => {
        const result = transition(session, event, time);
        if ('refused' in result) throw new FacetError(result.refused);
        return result.session;
      },
      wait,
    );
    if (after === undefined) throw new FacetError('SESSION_NOT_FOUND');
    written(after);
    return after;
  }
  return {
    apply,
    async attempt(key, event, wait) {
      try {
        return await apply(key, event, wait);
      } catch (error) {
        if (error instanceof FacetError) return undefined;
        throw error;
      }
    },
  };
}
