import { FacetError } from '../../domain/errors.js';
import type { LoginRequestClaim } from '../../domain/linkedin/session.js';
import { loginRequestClaim } from '../../domain/linkedin/session-index.js';
import type { Wait } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { IdentityKey, SessionAccess } from './session-access.js';
import type { LoginRequest } from './start-login.js';

/** A login that can be repeated under its caller's key. */
export interface RepeatableLogin {
  /** To be kept in the session that it begins; null where no key was given. */
  readonly claim: LoginRequestClaim | null;
  /** The login that was begun under the key before, as it is now. Throws IDEMPOTENCY_KEY_REUSED. */
  earlier(wait: Wait): Promise<SessionDocument | undefined>;
}

/** What repeats a login of `asked`: the same key and the same words, the password left out. */
export function repeatableLogin(
  { store, secrets }: LinkedInContext,
  access: SessionAccess,
  asked: IdentityKey,
  request: LoginRequest,
): RepeatableLogin {
  const { requestKey: key, username = null, country = null, maxVerificationWaitSeconds = null } = request;
  if (key === undefined) return { claim: null, earlier: async () => undefined };
  const words = [JSON.stringify([username, country?.toUpperCase() ?? null, maxVerificationWaitSeconds])];
  return {
    claim: { key, fingerprint: secrets.fingerprint(asked, words) },
    async earlier(wait) {
      const found = await store.getByClaim(linkedinSessions, asked.tenant, loginRequestClaim(key), wait);
      if (found === undefined) return undefined;
      const known = found.body.request!.fingerprint;
      if (!secrets.matches(known, asked, words)) throw new FacetError('IDEMPOTENCY_KEY_REUSED');
      return access.session({ ...asked, sessionId: found.id }, wait);
    },
  };
}
