import { isFinal } from '../../domain/linkedin/session.js';
import { deadlineOf, dueAt } from '../../domain/linkedin/session-due.js';
import { EVERY_TENANT, type Key } from '../../storage/store.js';
import { linkedinSessions, type SessionDocument } from './collection.js';
import type { LinkedInContext } from './context.js';
import type { Deletion } from './deletion.js';
import type { Runner } from './runner.js';
import { keyName } from './session-key.js';
import { pages } from './session-pages.js';
import type { SessionWriter } from './session-writer.js';
import type { Settlement } from './settlement.js';
import { pause } from './wait.js';

const SWEEP_MS = 5_000;
/** What falls due before the sweep after next gets a timer of its own. */
const AHEAD_MS = 2 * SWEEP_MS;
/** Lapsed secrets and deleted identities are looked for at every such sweep. */
const SLOW_SWEEPS = 6;

/** Keeps the sessions' times, whichever process began them: deadlines, lost leases, ends to carry over. */
export interface Maintenance {
  /** Sweeps at once, then every 5 seconds until the service closes. */
  start(): void;
  /** Has the session looked at when it falls due. */
  track(session: SessionDocument): void;
  /** Has a new session taken up as soon as there is room. */
  offer(session: SessionDocument): void;
  /** There is room for another login. */
  slotFreed(): void;
  /** How many timers are set. */
  size(): number;
}

export interface MaintenanceParts {
  readonly writer: SessionWriter;
  readonly runner: Runner;
  readonly settlement: Settlement;
  readonly deletion: Deletion;
}

export function createMaintenance(context: LinkedInContext, parts: MaintenanceParts): Maintenance {
  const { store, clock, log, secrets, closing, ownerId } = context;
  const { writer, runner, settlement, deletion } = parts;
  const timers = new Map<string, () => void>();
  /** Whether sessions may wait in the queue for room. */
  let backlog = false;
  closing.addEventListener('abort', () => {
    for (const callOff of timers.values()) callOff();
    timers.clear();
  });

  function track(session: SessionDocument): void {
    const name = keyName(session);
    timers.get(name)?.();
    timers.delete(name);
    const due = dueAt(session.body);
    const wait = (due ?? Number.POSITIVE_INFINITY) - clock.now();
    if (closing.aborted || isFinal(session.body) || wait > AHEAD_MS) return;
    const look = () => {
      timers.delete(name);
      context.background('a LinkedIn session that fell due', lookAgain(session));
    };
    timers.set(name, clock.after(Math.max(0, wait), look));
  }

  async function lookAgain({ tenant, id }: Key): Promise<void> {
    const session = await store.get(linkedinSessions, { tenant, id });
    if (session !== undefined) await look(session);
  }

  /** Does what is due, if anything is. */
  async function look(session: SessionDocument): Promise<void> {
    const now = clock.now();
    const { body } = session;
    const due = dueAt(body);
    const deadline = deadlineOf(body);
    if (body.removeAt !== null && body.removeAt <= now) {
      await store.remove(linkedinSessions, session, session.revision);
    } else if (due !== null && due > now) {
      track(session);
    } else if (isFinal(body)) {
      await settlement.settle(session);
    } else if (body.state !== 'verifying' && deadline !== null && deadline <= now) {
      await writer.attempt(session, { type: 'deadline_passed' });
    } else if (!runner.resume(session)) {
      await writer.attempt(session, { type: 'deadline_passed' });
    }
  }

  async function sweepDue(): Promise<void> {
    const where = [{ field: 'dueAt', lt: clock.now() + AHEAD_MS }];
    const order = { field: 'dueAt', descending: false };
    for await (const due of pages(store, { where, order }, ({ body }) => dueAt(body))) {
      const looks = await Promise.allSettled(due.map(look));
      const failed = looks.find((result) => result.status === 'rejected');
      if (failed !== undefined) log.warn({ err: failed.reason }, 'what fell due could not all be done');
    }
  }

  function offer(session: SessionDocument): void {
    if (!runner.login(session)) backlog = true;
  }

  async function takeUp(): Promise<void> {
    if (context.connector === undefined) return;
    const where = [
      { field: 'state', equals: 'queued' },
      { field: 'connector', equals: context.connector.name },
    ];
    const order = { field: 'createdAt', descending: false };
    const limit = Math.max(1, runner.room());
    const queued = await store.find(linkedinSessions, { tenant: EVERY_TENANT, where, order, limit });
    backlog = queued.length === limit;
    for (const session of queued) offer(session);
  }

  /** A lease in this process's name at its start is one of its former life. */
  async function reclaim(): Promise<void> {
    const where = [{ field: 'state', in: ['connecting', 'verification_required', 'verifying'] }];
    const order = { field: 'createdAt', descending: false };
    for await (const open of pages(store, { where, order }, ({ body }) => body.createdAt)) {
      for (const session of open) {
        const { lease } = session.body;
        if (lease?.owner !== ownerId) continue;
        const released = await writer.attempt(session, { type: 'lease_released', token: lease.token });
        if (released !== undefined) runner.resume(released);
      }
    }
  }

  async function sweepLong(): Promise<void> {
    let begun = false;
    for (let round = 0; !closing.aborted; round++) {
      try {
        if (!begun) await reclaim();
        begun = true;
        await sweepDue();
        await takeUp();
        if (round % SLOW_SWEEPS === 0) {
          await secrets.eraseExpired();
          await deletion.sweep();
        }
      } catch (error) {
        if (!closing.aborted) log.warn({ err: error }, 'the LinkedIn sessions could not be swept');
      }
      await pause(clock, SWEEP_MS, closing).catch(() => undefined);
    }
  }

  return {
    start() {
      context.background('the sweep of LinkedIn sessions', sweepLong());
    },
    track,
    offer,
    slotFreed() {
      if (backlog) context.background('the queue of LinkedIn logins', takeUp());
    },
    size: () => timers.size,
  };
}
