import { createHash } from 'node:crypto';
import { plainId } from '../domain/agents.js';
import { invalid } from '../domain/errors.js';
import { etagOf, type Precondition, parseIfMatch } from '../domain/etag.js';
import type { ContractName } from '../domain/identity.js';
import type { Call } from '../rpc/call.js';
import type { CreateOrigin } from '../services/identity/create.js';

const LONGEST_KEY = 255;

/** What a write depends on: the If-Match header of the call and the message's own etag, both where both are given. */
export function precondition(call: Call, etag = ''): Precondition {
  const header = parseIfMatch(call.header('if-match'));
  if (etag === '') return header;
  return header === undefined || header === 'any' ? [etag] : header.filter((each) => each === etag);
}

/** Tells the caller the version of the one resource that is answered. */
export function setEtag(call: Call, record: { readonly version: number }): void {
  call.setHeader('etag', `"${etagOf(record)}"`);
}

/** Where a create by a contract comes from: its request key, and the identity that Facet-Identity names, if any. */
export function createOrigin(call: Call, contract: ContractName): CreateOrigin {
  const completes = plainId(call.header('facet-identity') ?? '') || undefined;
  return { contract, requestKey: requestKey(call), completes };
}

/**
 * The key under which a create can be repeated: the message's own, or the Idempotency-Key header.
 * Keys of two methods are apart.
 */
export function requestKey(call: Call, given = ''): string | undefined {
  const key = given || call.header('idempotency-key');
  if (!key) return undefined;
  if (key.length > LONGEST_KEY) {
    const description = `must be at most ${LONGEST_KEY} characters`;
    throw invalid({ field: given ? 'request_id' : 'Idempotency-Key', description, rule: 'string.max_len' });
  }
  return createHash('sha256').update(`${call.method}\0${key}`).digest('base64url');
}
