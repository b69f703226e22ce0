import { createHash } from 'node:crypto';
import type { RequestClaim } from '../../domain/request-claim.js';
import type { IdentityContext } from './context.js';

/** The claim of a create that can be repeated under the key; null where there is none. */
export function requestClaim(
  context: Pick<IdentityContext, 'now'>,
  key: string | undefined,
  asked: readonly unknown[],
): RequestClaim | null {
  if (!key) return null;
  const fingerprint = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return { key, fingerprint, time: context.now().toISOString() };
}
