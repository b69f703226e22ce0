import { FacetError } from '../../domain/errors.js';
import { transition } from '../../domain/linkedin/session-machine.js';
import type { Wait } from '../../storage/store.js';
import type { SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { SessionAccess, SessionKey } from './session-access.js';
import type { SessionWriter } from './session-writer.js';
import { within } from './wait.js';

const RESEND_MS = 10_000;

/**
 * Has the code sent once more: a new challenge, whose deadline is the old one's. Throws CODE_NOT_EXPECTED,
 * SESSION_CLOSED, NO_RESENDS_LEFT, CONNECTOR_UNAVAILABLE.
 */
export function createResendCode(context: LinkedInContext, access: SessionAccess, writer: SessionWriter) {
  const { clock, connector, closing } = context;

  return async function resendCode(key: SessionKey, wait: Wait = {}): Promise<SessionDocument> {
    const session = await access.session(key, wait);
    const result = transition(session.body, { type: 'code_resent' }, clock.now());
    if ('refused' in result) throw new FacetError(result.refused);
    if (connector?.name !== session.body.connector || connector.resend === undefined) {
      throw new FacetError('CONNECTOR_UNAVAILABLE', { message: 'The code cannot be sent once more here.' });
    }
    try {
      await within(clock, RESEND_MS, closing, async (signal) =>
        connector.resend?.(session.body.ref!, signal),
      );
    } catch (cause) {
      const message = 'LinkedIn could not be reached; try again.';
      throw new FacetError('CONNECTOR_UNAVAILABLE', { message, cause });
    }
    return writer.apply(session, { type: 'code_resent' }, wait);
  };
}
