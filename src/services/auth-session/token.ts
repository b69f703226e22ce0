import { createHash, randomBytes } from 'node:crypto';

/** A new token: 256 bits in base64url, with a name before them that searches for leaked secrets can go by. */
export function makeToken(): string {
  return `facet_session_${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 is enough for what nobody can guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
