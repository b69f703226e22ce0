import { FacetError, invalid } from '../../domain/errors.js';
import { transition } from '../../domain/linkedin/session-machine.js';
import type { Wait } from '../../storage/store.js';
import type { SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { SessionAccess, SessionKey } from './session-access.js';
import type { SessionWriter } from './session-writer.js';

const CODE_MS = 60_000;

/**
 * Hands a code in: the session is VERIFYING after it. Throws CODE_NOT_EXPECTED, also where another code came
 * first, and SESSION_CLOSED.
 */
export function createSubmitCode(context: LinkedInContext, access: SessionAccess, writer: SessionWriter) {
  const { clock, secrets, ownerId } = context;

  return async function submitCode(
    key: SessionKey,
    given: string,
    wait: Wait = {},
  ): Promise<SessionDocument> {
    const code = given.trim();
    if (code === '')
      throw invalid({ field: 'code', description: 'must not be blank', rule: 'string.not_blank' });
    const session = await access.session(key, wait);
    const { codes } = session.body;
    const event = { type: 'code_submitted', owner: ownerId, secretId: '', codes } as const;
    const result = transition(session.body, event, clock.now());
    if ('refused' in result) throw new FacetError(result.refused);
    if (session.body.connector !== context.connector?.name) throw new FacetError('CONNECTOR_UNAVAILABLE');
    const secretId = await secrets.seal(key, code, clock.now() + CODE_MS, wait);
    try {
      return await writer.apply(session, { ...event, secretId }, wait);
    } catch (error) {
      await secrets.erase(key.tenant, secretId);
      throw error instanceof FacetError ? await sayWhy(error) : error;
    }

    /** Who was overtaken by another code is told so, even where that code has ended the session. */
    async function sayWhy(error: FacetError): Promise<FacetError> {
      const now = await access.session(key, wait);
      return now.body.codes > codes ? new FacetError('CODE_NOT_EXPECTED') : error;
    }
  };
}
