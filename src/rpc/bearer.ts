import { FacetError } from '../domain/errors.js';
import type { Metadata } from './transport.js';

/** Longer than any key or token of use; more is refused unread. */
const LONGEST_TOKEN = 8192;
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The token of the one `authorization: Bearer <token>` of a call (RFC 6750). Throws UNAUTHENTICATED. */
export function bearerToken(metadata: Metadata): string {
  const values = metadata.filter(([name]) => name === 'authorization');
  const value = values.length === 1 ? values[0]![1] : undefined;
  if (typeof value !== 'string' || value.length > LONGEST_TOKEN) throw new FacetError('UNAUTHENTICATED');
  const token = BEARER.exec(value)?.[1];
  if (token === undefined) throw new FacetError('UNAUTHENTICATED');
  return token;
}
