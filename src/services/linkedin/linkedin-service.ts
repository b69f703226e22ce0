import type { Logger } from 'pino';
import { FacetError } from '../../domain/errors.js';
import type { Clock } from '../../domain/linkedin/clock.js';
import type { ConnectionRecord } from '../../domain/linkedin/connection.js';
import { isFinal } from '../../domain/linkedin/session.js';
import { type SessionView, sessionView } from '../../domain/linkedin/session-view.js';
import { createCloser, orAborted } from '../../storage/abort.js';
import type { Key, Store, Wait } from '../../storage/store.js';
import type { Secrets } from '../secrets/secrets.js';
import { codeResult } from './code-result.js';
import type { SessionDocument } from './collection.js';
import { type CheckedConnection, createConnectionCheck } from './connection-check.js';
import type { LinkedInConnector } from './connector.js';
import type { LinkedInContext } from './context.js';
import { createDeletion } from './deletion.js';
import { createDisconnect } from './disconnect.js';
import { endable } from './endable.js';
import { createMaintenance } from './maintenance.js';
import { createResendCode } from './resend-code.js';
import { createRunner } from './runner.js';
import { createSessionAccess, type IdentityKey } from './session-access.js';
import { createSessionWriter } from './session-writer.js';
import { createSettlement } from './settlement.js';
import { createStartLogin, type LoginRequest, randomSessionId } from './start-login.js';
import { createSubmitCode } from './submit-code.js';
import { systemClock } from './system-clock.js';
import { type LoginUpdate, watchLogin } from './watch.js';
import { createWatchHub } from './watch-hub.js';

export type { LoginUpdate };

const HEARTBEAT_MS = 15_000;
/** How long a code's result is waited for before the answer is VERIFYING. */
const RESULT_MS = 2_000;
const SLOTS = 256;

/** Logins of identities to LinkedIn. Throws FacetError; a signal ends the wait, never the login. */
export interface LinkedInService {
  /**
   * Starts a login, QUEUED, or answers the open one where the same is asked again. Throws IDENTITY_NOT_FOUND,
   * CREDENTIALS_REQUIRED, INVALID_INPUT, LOGIN_IN_PROGRESS, TOO_MANY_LOGINS, CONNECTOR_UNAVAILABLE,
   * IDEMPOTENCY_KEY_REUSED.
   */
  startLogin(owner: IdentityKey, request: LoginRequest, wait?: Wait): Promise<SessionView>;
  /** Throws IDENTITY_NOT_FOUND, SESSION_NOT_FOUND: so do all that name a session. */
  getSession(owner: IdentityKey, sessionId: string, wait?: Wait): Promise<SessionView>;
  /** Throws IDENTITY_NOT_FOUND. */
  getConnection(owner: IdentityKey, wait?: Wait): Promise<CheckedConnection>;
  /** Answers what the code led to, or VERIFYING after 2 seconds. Throws CODE_NOT_EXPECTED, SESSION_CLOSED. */
  submitCode(owner: IdentityKey, sessionId: string, code: string, wait?: Wait): Promise<SessionView>;
  /** Throws CODE_NOT_EXPECTED, SESSION_CLOSED, NO_RESENDS_LEFT, CONNECTOR_UNAVAILABLE. */
  resendCode(owner: IdentityKey, sessionId: string, wait?: Wait): Promise<SessionView>;
  /** Throws SESSION_CLOSED. */
  cancel(owner: IdentityKey, sessionId: string, wait?: Wait): Promise<SessionView>;
  /** Throws IDENTITY_NOT_FOUND, CONNECTOR_UNAVAILABLE. */
  disconnect(owner: IdentityKey, wait?: Wait): Promise<ConnectionRecord>;
  /** Throws, when it is read, INVALID_SEQUENCE, SHUTTING_DOWN, and the signal's reason. */
  watch(
    owner: IdentityKey,
    sessionId: string,
    afterSequence: number | undefined,
    wait?: Wait,
  ): AsyncIterableIterator<LoginUpdate>;
  /** To be called once the record is a DeletedIdentity: ends its logins, then removes that record. */
  identityDeleted(tenant: string, identityId: string): Promise<void>;
  /** Begins to keep deadlines and to take sessions up, also those that another process left. */
  start(): void;
  /** Ends watchers with SHUTTING_DOWN, and hands open sessions over to whoever comes next. */
  close(): Promise<void>;
  /** What is held for callers now: all zero when nobody waits. */
  held(): { readonly watchers: number; readonly timers: number };
}

export interface LinkedInServiceOptions {
  readonly store: Store;
  /** `worker`: sessions wait in the queue for remote workers; `none`: no login can be started. */
  readonly connector: LinkedInConnector | 'none' | 'worker';
  readonly secrets: Secrets;
  readonly log: Logger;
  /** Removes what else is kept of a deleted identity; its record stays until this has succeeded. */
  readonly forget?: (identity: Key) => Promise<void>;
  /** This process; two that live at the same time never share one. */
  readonly ownerId: string;
  readonly clock?: Clock;
  readonly newSessionId?: () => string;
  readonly heartbeatMs?: number;
  /** How many logins are begun here at the same time. */
  readonly slots?: number;
}

export function createLinkedInService(options: LinkedInServiceOptions): LinkedInService {
  const { store, secrets, log, ownerId, clock = systemClock, slots = SLOTS } = options;
  const { newSessionId = randomSessionId, heartbeatMs = HEARTBEAT_MS } = options;
  const closer = createCloser();
  const pending = new Set<Promise<unknown>>();
  const connector = typeof options.connector === 'string' ? undefined : options.connector;
  const context: LinkedInContext = {
    store,
    clock,
    log,
    secrets,
    connector,
    connectorName: options.connector === 'none' ? undefined : (connector?.name ?? 'worker'),
    ownerId,
    closing: closer.signal,
    background(what, work) {
      const logged = work.catch((error: unknown) => log.warn({ err: error }, `${what} failed`));
      pending.add(logged);
      void logged.then(() => pending.delete(logged));
    },
  };

  const hub = createWatchHub(store, log);
  const writer = createSessionWriter(store, clock.now, (session) => {
    hub.written(session);
    maintenance.track(session);
    if (!isFinal(session.body) || session.body.settlement !== 'none') return;
    runner.stop(session);
    context.background('the end of a LinkedIn login', settlement.settle(session));
  });
  const settlement = createSettlement(context, writer);
  const access = createSessionAccess(context, writer, settlement);
  const slotFreed = () => maintenance.slotFreed();
  const runner = createRunner(context, { writer, announce: settlement.announce, slots, slotFreed });
  const deletion = createDeletion(context, writer, settlement, options.forget);
  const maintenance = createMaintenance(context, { writer, runner, settlement, deletion });
  const check = createConnectionCheck(context);
  const submit = createSubmitCode(context, access, writer);
  const resend = createResendCode(context, access, writer);
  const disconnect = createDisconnect(context, access, writer, settlement);
  const startLogin = createStartLogin(context, {
    access,
    settlement,
    newSessionId,
    started(session) {
      maintenance.track(session);
      maintenance.offer(session);
    },
  });

  /** Refuses what comes after the close. */
  function refuseClosed(): void {
    if (closer.signal.aborted) throw new FacetError('SHUTTING_DOWN');
  }

  /** The session as it is shown, once its identity shows the same. */
  async function shown(session: SessionDocument): Promise<SessionView> {
    await settlement.reflect(session);
    return sessionView(session.body);
  }

  return {
    async startLogin(owner, request, wait) {
      refuseClosed();
      return sessionView((await startLogin(owner, request, wait)).body);
    },
    async getSession(owner, sessionId, wait) {
      return sessionView((await access.session({ ...owner, sessionId }, wait)).body);
    },
    async getConnection(owner, wait = {}) {
      const own = await access.owner(owner, wait);
      const connection = await access.connection(own, wait);
      return orAborted(check(own, connection), wait.signal);
    },
    async submitCode(owner, sessionId, code, wait = {}) {
      refuseClosed();
      const accepted = await submit({ ...owner, sessionId }, code, wait);
      runner.verify(accepted);
      return shown(await codeResult(hub, clock, accepted, RESULT_MS, wait.signal));
    },
    async resendCode(owner, sessionId, wait) {
      refuseClosed();
      return sessionView((await resend({ ...owner, sessionId }, wait)).body);
    },
    async cancel(owner, sessionId, wait) {
      refuseClosed();
      const session = await access.session({ ...owner, sessionId }, wait);
      return shown(await writer.apply(session, { type: 'cancelled' }, wait));
    },
    async disconnect(owner, wait) {
      refuseClosed();
      return disconnect(owner, wait);
    },
    watch(owner, sessionId, afterSequence, { signal } = {}) {
      const parts = {
        hub,
        clock,
        heartbeatMs,
        open: (inner: AbortSignal) => access.session({ ...owner, sessionId }, { signal: inner }),
        reflect: settlement.reflect,
      };
      const outer = signal === undefined ? [closer.signal] : [closer.signal, signal];
      return endable(outer, (inner) => watchLogin(parts, afterSequence, inner));
    },
    identityDeleted: deletion.finish,
    start: maintenance.start,
    async close() {
      closer.abort(new FacetError('SHUTTING_DOWN'));
      while (pending.size > 0) await Promise.all(pending);
    },
    held: () => ({ watchers: hub.size(), timers: maintenance.size() }),
  };
}
