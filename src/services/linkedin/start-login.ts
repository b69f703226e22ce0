import { randomBytes } from 'node:crypto';
import { FacetError, invalid } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import { profileIdOf } from '../../domain/linkedin/connection-change.js';
import { isFinal, type LoginRequestClaim, newSession } from '../../domain/linkedin/session.js';
import { openLoginClaim } from '../../domain/linkedin/session-index.js';
import { orAborted } from '../../storage/abort.js';
import { ClaimTakenError } from '../../storage/errors.js';
import type { Wait } from '../../storage/store.js';
import { createTurns } from '../../storage/turns.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import type { Credentials } from './connector.js';
import type { LinkedInContext } from './context.js';
import { repeatableLogin } from './login-request.js';
import type { IdentityKey, SessionAccess } from './session-access.js';
import type { Settlement } from './settlement.js';

const HOUR_MS = 3_600_000;
const LOGINS_PER_HOUR = 5;
const DEFAULT_WAIT_SECONDS = 600;
/** How long after the last moment to begin a login its credentials can still be read. */
const SECRET_GRACE_MS = 10 * 60_000;

/** A login to start: credentials, or none to renew the stored connection. */
export interface LoginRequest {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** ISO 3166-1 alpha-2, any case. */
  readonly country?: string | undefined;
  /** Bounds the wait in the queue, and the wait for the person; 600 where unset. */
  readonly maxVerificationWaitSeconds?: number | undefined;
  /** Makes the login repeatable for as long as it is kept, also after its end. */
  readonly requestKey?: string | undefined;
}

export interface StartLoginParts {
  readonly access: SessionAccess;
  readonly settlement: Settlement;
  readonly newSessionId: () => string;
  /** Hears of a new session that its identity shows. */
  readonly started: (session: SessionDocument) => void;
}

/** 128 random bits. */
export function randomSessionId(): string {
  return `sess_${randomBytes(16).toString('hex')}`;
}

/** Starts a login, or finds the one begun under the same request key, or the open one asked for in the same words. */
export function createStartLogin(context: LinkedInContext, parts: StartLoginParts) {
  const { store, clock, secrets } = context;
  const { access, settlement } = parts;

  /** Logins of one identity come one after the other, and equal ones that come at once are one. */
  const turns = createTurns();
  const starting = new Map<string, Promise<SessionDocument>>();

  return async function startLogin(
    key: IdentityKey,
    request: LoginRequest,
    wait: Wait = {},
  ): Promise<SessionDocument> {
    const credentials = readCredentials(request);
    const values = credentials === null ? [] : valuesOf(credentials);
    const { requestKey, country, maxVerificationWaitSeconds } = request;
    const words = JSON.stringify([requestKey, country, maxVerificationWaitSeconds]);
    const name = secrets.fingerprint(key, [...values, words]);
    let work = starting.get(name);
    if (work === undefined) {
      const begin = () => start(key, request, credentials);
      work = turns.take([`${key.tenant}/${key.identityId}`], begin).finally(() => starting.delete(name));
      starting.set(name, work);
    }
    return orAborted(work, wait.signal);
  };

  /** Others may wait for the same login, so no caller's signal ends it. */
  async function start(
    asked: IdentityKey,
    request: LoginRequest,
    credentials: Credentials | null,
  ): Promise<SessionDocument> {
    const wait: Wait = { signal: context.closing };
    const repeatable = repeatableLogin(context, access, asked, request);
    for (;;) {
      const key = await access.owner(asked, wait);
      const earlier = await repeatable.earlier(wait);
      if (earlier !== undefined) return earlier;
      const open = await openSession(key, wait);
      const identity = await access.identity(key, wait);
      if (open !== undefined) return repeated(key, open, credentials);
      refuseUnready(identity, credentials);
      await refuseTooMany(key, wait);
      const made = await insert(key, identity, { ...request, claim: repeatable.claim }, credentials, wait);
      if (made === undefined) continue;
      // Gone, or merged into another one since it was read: the next look tells.
      if (!(await settlement.announce(made))) continue;
      parts.started(made);
      return made;
    }
  }

  /** The identity's open session. One that has ended is carried over first, so that it keeps nobody out. */
  async function openSession(key: IdentityKey, wait: Wait): Promise<SessionDocument | undefined> {
    const claim = openLoginClaim(key.identityId);
    for (;;) {
      const holder = await store.getByClaim(linkedinSessions, key.tenant, claim, wait);
      if (holder === undefined) return undefined;
      const open = await access.asOfNow(holder, wait);
      if (!isFinal(open.body)) return open;
      await settlement.reflect(open);
    }
  }

  function repeated(
    key: IdentityKey,
    open: SessionDocument,
    credentials: Credentials | null,
  ): SessionDocument {
    if (credentials === null) return open;
    const { fingerprint } = open.body;
    if (fingerprint !== null && secrets.matches(fingerprint, key, valuesOf(credentials))) return open;
    throw new FacetError('LOGIN_IN_PROGRESS');
  }

  function refuseUnready({ linkedin }: IdentityRecord, credentials: Credentials | null): void {
    const { connector, connectorName } = context;
    const renewable =
      linkedin.stored && (connectorName === undefined || linkedin.connector === connectorName);
    if (credentials === null && !renewable) throw new FacetError('CREDENTIALS_REQUIRED');
    if (connectorName === undefined) throw new FacetError('CONNECTOR_UNAVAILABLE');
    if (connector === undefined) return;
    if (credentials === null && !connector.caps.storedSession) throw new FacetError('CREDENTIALS_REQUIRED');
    if (credentials !== null && !connector.caps.credentials) throw new FacetError('CONNECTOR_UNAVAILABLE');
  }

  async function refuseTooMany({ tenant, identityId }: IdentityKey, wait: Wait): Promise<void> {
    const now = clock.now();
    const where = [
      { field: 'identityId', equals: identityId },
      { field: 'createdAt', gte: now - HOUR_MS + 1 },
    ];
    const order = { field: 'createdAt', descending: true };
    const recent = await store.find(linkedinSessions, { tenant, where, order, limit: LOGINS_PER_HOUR }, wait);
    const oldest = recent[LOGINS_PER_HOUR - 1];
    if (oldest === undefined) return;
    throw new FacetError('TOO_MANY_LOGINS', { retryAfterMs: oldest.body.createdAt + HOUR_MS - now });
  }

  /** A queued session and its sealed credentials; undefined where another login came first. */
  async function insert(
    key: IdentityKey,
    identity: IdentityRecord,
    request: LoginRequest & { readonly claim: LoginRequestClaim | null },
    credentials: Credentials | null,
    wait: Wait,
  ): Promise<SessionDocument | undefined> {
    const id = parts.newSessionId();
    const owner = { ...key, sessionId: id };
    const maxWaitMs = Math.round((request.maxVerificationWaitSeconds ?? DEFAULT_WAIT_SECONDS) * 1_000);
    // A newer session must look newer, whatever the clocks of the processes say.
    const now = Math.max(clock.now(), (identity.linkedin.sessionTime ?? 0) + 1);
    const secretId =
      credentials === null
        ? null
        : await secrets.seal(owner, JSON.stringify(credentials), now + maxWaitMs + SECRET_GRACE_MS, wait);
    const session = newSession(
      {
        id,
        tenant: key.tenant,
        identityId: key.identityId,
        profileId: identity.linkedin.profileId ?? profileIdOf(key.identityId),
        connector: context.connectorName!,
        restartSafe: context.connector?.caps.restartSafe ?? false,
        storedRef: identity.linkedin.connector === context.connectorName ? identity.linkedin.ref : null,
        country: request.country?.toUpperCase() ?? null,
        maxWaitMs,
        fingerprint: credentials === null ? null : secrets.fingerprint(key, valuesOf(credentials)),
        secretId,
        request: request.claim,
      },
      now,
    );
    try {
      return await store.insert(linkedinSessions, { tenant: key.tenant, id }, session, wait);
    } catch (error) {
      if (!(error instanceof ClaimTakenError)) throw error;
      await secrets.eraseSession(owner);
      return undefined;
    }
  }
}

function readCredentials({ username, password }: LoginRequest): Credentials | null {
  if (username !== undefined && password !== undefined) return { username, password };
  if (username === undefined && password === undefined) return null;
  const [field, other] = username === undefined ? ['username', 'password'] : ['password', 'username'];
  throw invalid({ field, description: `is required with ${other}`, rule: 'required' });
}

function valuesOf({ username, password }: Credentials): string[] {
  return [username, password];
}
