import { FacetError } from '../../domain/errors.js';
import { isPolled } from '../../domain/linkedin/challenge.js';
import { isFinal, type SessionRecord } from '../../domain/linkedin/session.js';
import type { WorkerEvent } from '../../domain/linkedin/session-event.js';
import { LEASE_MS } from '../../domain/linkedin/session-limits.js';
import type { Key } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import type { LinkedInConnector, Outcome } from './connector.js';
import type { LinkedInContext } from './context.js';
import { eventOf } from './outcome.js';
import { keyName } from './session-key.js';
import type { SessionWriter } from './session-writer.js';
import { type StepName, takeStep } from './steps.js';
import { pause, within } from './wait.js';

const RENEWAL_MS = LEASE_MS / 3;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
const UNDO_MS = 30_000;
const SHORTEST_POLL_MS = 20;

/** Runs logins through the connector, each under a lease. */
export interface Runner {
  /** Takes a queued session up; false where there is no room, and it stays in the queue. */
  login(session: SessionDocument): boolean;
  /** Goes on with a session whose lease has run out; false where its connector is not this process's. */
  resume(session: SessionDocument): boolean;
  /** Has the code checked that was just accepted under a lease of this process. */
  verify(session: SessionDocument): void;
  /** Ends what this process does for the session. */
  stop(key: Key): void;
  /** How many logins more can begin now. */
  room(): number;
}

/** One stretch of work on a session. */
interface Run {
  readonly key: Key;
  readonly connector: LinkedInConnector;
  readonly controller: AbortController;
  /** The lease's; 0 as long as there is none. */
  token: number;
}

export interface RunnerParts {
  readonly writer: SessionWriter;
  /** Shows the login in the identity's connection; false where the identity is gone. */
  readonly announce: (session: SessionDocument) => Promise<boolean>;
  /** How many logins this process begins at the same time; the others wait in the queue. */
  readonly slots: number;
  /** There is room for another login. */
  readonly slotFreed: () => void;
}

export function createRunner(context: LinkedInContext, parts: RunnerParts): Runner {
  const { clock, log, connector: own } = context;
  const { writer } = parts;
  const runs = new Map<string, Run>();
  let busy = 0;

  function begin(key: Key, work: (run: Run) => Promise<void>): void {
    if (own === undefined || context.closing.aborted) return;
    stop(key);
    const run: Run = { key, connector: own, controller: new AbortController(), token: 0 };
    const close = () => run.controller.abort(context.closing.reason);
    context.closing.addEventListener('abort', close, { once: true });
    runs.set(keyName(key), run);
    const whole = async () => {
      try {
        await work(run);
      } catch (error) {
        if (!run.controller.signal.aborted) throw error;
      } finally {
        context.closing.removeEventListener('abort', close);
        run.controller.abort();
        if (runs.get(keyName(key)) === run) runs.delete(keyName(key));
        // Whoever comes next need not wait until the lease runs out.
        if (context.closing.aborted) await writer.attempt(key, { type: 'lease_released', token: run.token });
      }
    };
    context.background('a LinkedIn login', whole());
  }

  function stop(key: Key): void {
    runs.get(keyName(key))?.controller.abort();
  }

  function login(session: SessionDocument): boolean {
    if (session.body.connector !== own?.name || runs.has(keyName(session))) return true;
    if (busy >= parts.slots) return false;
    begin(session, async (run) => {
      const free = takeSlot();
      try {
        const claimed = await writer.attempt(run.key, { type: 'claimed', owner: context.ownerId });
        if (claimed === undefined) return;
        hold(run, claimed.body);
        if (await parts.announce(claimed)) await drive(run, claimed.body, 'start', free);
      } finally {
        free();
      }
    });
    return true;
  }

  function takeSlot(): () => void {
    busy++;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      busy--;
      parts.slotFreed();
    };
  }

  function resume(session: SessionDocument): boolean {
    if (runs.has(keyName(session))) return true;
    if (session.body.state === 'connecting') {
      const requeue = async () => {
        const after = await writer.attempt(session, { type: 'lease_lost' });
        if (after?.body.state === 'queued') login(after);
      };
      context.background('a LinkedIn login whose worker is lost', requeue());
      return true;
    }
    if (session.body.connector !== own?.name) return false;
    begin(session, async (run) => {
      const taken = await writer.attempt(run.key, { type: 'taken_over', owner: context.ownerId });
      if (taken === undefined) return;
      hold(run, taken.body);
      await drive(run, taken.body, taken.body.state === 'verifying' ? 'check' : 'poll');
    });
    return true;
  }

  function verify(session: SessionDocument): void {
    begin(session, async (run) => {
      hold(run, session.body);
      await drive(run, session.body, 'submit');
    });
  }

  /** Keeps the lease for as long as the run lasts; the run ends when the lease is lost. */
  function hold(run: Run, session: SessionRecord): void {
    run.token = session.lease!.token;
    const { signal } = run.controller;
    const renew = async () => {
      while (!signal.aborted) {
        await pause(clock, RENEWAL_MS, signal);
        const held = await writer.attempt(run.key, { type: 'lease_renewed', token: run.token }).then(
          (renewed) => renewed !== undefined,
          (error: unknown) => {
            log.warn({ err: error, session: run.key.id }, 'a lease could not be renewed yet');
            return true;
          },
        );
        if (!held) run.controller.abort();
      }
    };
    renew().catch(() => undefined);
  }

  /** Takes step after step, and writes down what each came to, until it is the person's turn or nobody's. */
  async function drive(run: Run, begun: SessionRecord, first: StepName, free = () => {}): Promise<void> {
    const { key, token, connector } = run;
    const { signal } = run.controller;
    let session = begun;
    for (let name = first; ; name = 'poll') {
      const before = session;
      const outcome = await takeStep(context, connector, {
        name,
        session,
        token,
        signal,
        externalCallStarted: async () =>
          void (await writer.apply(key, { type: 'external_call_started', token })),
        tooLate: (late) =>
          context.background('a LinkedIn login that ended too late', undo(run, before, late)),
      });
      const latestExpiry = clock.now() + connector.caps.intentTtlMs;
      const event: WorkerEvent =
        outcome === undefined
          ? { type: 'code_undecided', token }
          : eventOf(session, outcome, token, latestExpiry);
      const after = await record(run, event);
      if (after === undefined) return undo(run, session, outcome);
      session = after.body;
      if (session.state !== 'connecting') free();
      await forgetUsed(before, session);
      if (session.lease?.token !== token || !isAwaited(session)) return;
      const ms = outcome?.kind === 'pending' ? outcome.pollAfterMs : 0;
      await pause(clock, Math.max(ms, SHORTEST_POLL_MS), signal);
    }
  }

  /** What LinkedIn has answered to is needed no more; the end of a session erases all that is left. */
  async function forgetUsed(before: SessionRecord, after: SessionRecord): Promise<void> {
    if (before.state === after.state || isFinal(after)) return;
    const used = before.state === 'verifying' ? before.codeSecretId : before.secretId;
    if (used !== null) await context.secrets.erase(before.tenant, used);
  }

  /** Writes down what came of a step as soon as the store takes it; undefined where it no longer counts. */
  async function record(run: Run, event: WorkerEvent): Promise<SessionDocument | undefined> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      try {
        return await writer.apply(run.key, event);
      } catch (error) {
        if (error instanceof FacetError) return undefined;
        log.warn({ err: error, session: run.key.id }, 'a step of a LinkedIn login could not be written yet');
        await pause(clock, wait, run.controller.signal);
      }
    }
  }

  /** A login that was called off while LinkedIn let it in leaves no account behind. */
  async function undo(run: Run, session: SessionRecord, outcome: Outcome | undefined): Promise<void> {
    if (outcome?.kind !== 'connected' || outcome.ref === session.storedRef) return;
    const found = await context.store.get(linkedinSessions, run.key);
    if (found !== undefined && (!isFinal(found.body) || found.body.state === 'connected')) return;
    await within(clock, UNDO_MS, context.closing, (signal) => run.connector.disconnect(outcome.ref, signal));
  }

  return { login, resume, verify, stop, room: () => parts.slots - busy };
}

/** Whether LinkedIn is to be asked how the login stands. */
function isAwaited(session: SessionRecord): boolean {
  if (session.state === 'verification_required') return isPolled(session.challenge!);
  return session.state === 'connecting' || session.state === 'verifying';
}
