import { FacetError } from './errors.js';
import { assertEtag, type Precondition } from './etag.js';
import {
  IDENTITY_SCHEMA_VERSION,
  type IdentityRecord,
  type MergedIdentity,
  type MergeIntent,
  type StoredIdentity,
} from './identity.js';
import { heldClaims } from './identity-index.js';
import { collisionsOf, joinIdentities } from './identity-merge.js';

/** The target with the intent to take a source in, while that is not decided. Clients see no change of it. */
export function withIntent(target: IdentityRecord, intent: MergeIntent): IdentityRecord {
  return { ...target, incoming: intent };
}

/** The target without that intent; the same object where it has another, or none. */
export function withoutIntent(stored: StoredIdentity, attempt: string): StoredIdentity {
  if (stored.kind !== 'identity' || stored.incoming?.attempt !== attempt) return stored;
  return { ...stored, incoming: null };
}

/**
 * The source as a pointer to its target. It keeps the whole record until the target has taken it in, so that it can be
 * had back. Throws ETAG_MISMATCH, and LOGIN_IN_PROGRESS where a login of it is open.
 */
export function pointerOf(
  source: IdentityRecord,
  target: string,
  intent: MergeIntent,
  precondition: Precondition,
): MergedIdentity {
  assertEtag(source, precondition);
  assertNoLogin(source);
  return {
    kind: 'merged',
    schemaVersion: IDENTITY_SCHEMA_VERSION,
    id: source.id,
    tenant: source.tenant,
    target,
    attempt: intent.attempt,
    claims: heldClaims(source),
    // A record that becomes a pointer gives up what it meant to take in itself.
    source: { ...source, incoming: null },
    absorbed: source.absorbed,
    mergeTime: intent.time,
  };
}

/** A login would go on under an id that no longer has a connection. */
export function assertNoLogin({ linkedin, id }: IdentityRecord): void {
  if (linkedin.sessionId === null || linkedin.sessionSettled) return;
  throw new FacetError('LOGIN_IN_PROGRESS', {
    violations: [
      { field: 'source_id', description: `has the open login ${linkedin.sessionId}`, rule: 'merge.login' },
    ],
    message: `A login of the identity ${id} is in progress.`,
  });
}

/**
 * The one write that decides a merge: the target takes the fields of the pointer's record, or drops the intent where they
 * collide with what has become of it. The same object where it is decided already.
 */
export function decideMerge(stored: StoredIdentity, pointer: MergedIdentity): StoredIdentity {
  const { source, attempt, claims, mergeTime } = pointer;
  if (source === null || stored.kind !== 'identity' || stored.incoming?.attempt !== attempt) return stored;
  const { version } = stored.incoming;
  const target = { ...stored, incoming: null };
  const changed = version !== null && version !== stored.version;
  if (changed || collisionsOf(target, source).length > 0) return target;
  const joined = joinIdentities(target, source, mergeTime);
  return { ...joined, absorbed: [...joined.absorbed, { id: source.id, claims }] };
}

/** Whether what is stored under the pointer's target has taken the source in, then or since. */
export function hasTaken(stored: StoredIdentity | undefined, { id }: MergedIdentity): boolean {
  if (stored === undefined) return false;
  if (stored.kind === 'deleted') return (stored.absorbed ?? []).includes(id);
  return stored.absorbed?.some((each) => each.id === id) ?? false;
}

/** The pointer after the decision: without the record, or the record itself again. */
export function afterDecision(stored: StoredIdentity, attempt: string, taken: boolean): StoredIdentity {
  if (stored.kind !== 'merged' || stored.attempt !== attempt || stored.source === null) return stored;
  return taken ? { ...stored, source: null } : stored.source;
}
