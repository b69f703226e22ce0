import { FacetError } from '../../domain/errors.js';
import { type Clock, rfc3339 } from '../../domain/linkedin/clock.js';
import { isFinal, type LogEntry, type SessionRecord } from '../../domain/linkedin/session.js';
import { type SessionView, sessionView, sessionViewAt } from '../../domain/linkedin/session-view.js';
import type { SessionDocument } from './collection.js';
import type { Topic, WatchHub } from './watch-hub.js';

/** One message of a watched login. */
export interface LoginUpdate {
  readonly type: 'snapshot' | LogEntry['type'] | 'heartbeat';
  /** The event's number, from 1 without gaps; 0 in a heartbeat. */
  readonly sequence: number;
  /** The session as it was after the event; null in a heartbeat. */
  readonly session: SessionView | null;
  /** True on a snapshot that stands in for events no longer kept. */
  readonly resync: boolean;
  /** RFC 3339. */
  readonly serverTime: string;
  /** When the session ends by itself, while it is open; RFC 3339. */
  readonly expireTime: string | null;
}

export interface WatchParts {
  readonly hub: WatchHub;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** The session to watch. Throws IDENTITY_NOT_FOUND and SESSION_NOT_FOUND. */
  readonly open: (signal: AbortSignal) => Promise<SessionDocument>;
  /** Awaited before watchers hear of the end, so that the identity tells the same. */
  readonly reflect: (session: SessionDocument) => Promise<void>;
}

/**
 * Follows a login: a snapshot, or with `afterSequence` none, then every later event once and in order, and
 * the end after the final one. Holds no messages: each is read off the session's log when it is asked for.
 * Throws INVALID_SEQUENCE, and the signal's reason.
 */
export async function* watchLogin(
  parts: WatchParts,
  afterSequence: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<LoginUpdate, void, undefined> {
  const { clock } = parts;
  const first = await parts.open(signal);
  const topic = parts.hub.watch(first);
  try {
    let cursor = startingPoint(first.body, afterSequence);
    if (cursor === undefined) {
      cursor = first.body.sequence;
      yield snapshot(first.body, afterSequence !== undefined, clock);
    }
    for (;;) {
      signal.throwIfAborted();
      const document = topic.latest();
      if (document === undefined) throw new FacetError('SESSION_NOT_FOUND');
      const session = document.body;
      if (isBehind(session, cursor)) {
        cursor = session.sequence;
        yield snapshot(session, true, clock);
        continue;
      }
      const entry = session.log.find(({ sequence }) => sequence === cursor! + 1);
      if (entry !== undefined) {
        if (isFinal(entry)) await parts.reflect(document).catch(() => undefined);
        cursor = entry.sequence;
        yield message(entry.type, entry.sequence, sessionViewAt(session, entry), clock);
        continue;
      }
      if (isFinal(session)) return;
      if ((await changed(topic, document, clock, parts.heartbeatMs, signal)) === 'heartbeat') {
        // What the store failed to tell is found at the latest now.
        void topic.refresh();
        yield { ...message('heartbeat', 0, null, clock), expireTime: sessionView(session).expireTime };
      }
    }
  } finally {
    topic.close();
  }
}

/** The last event already seen; undefined where a snapshot comes first. */
function startingPoint(session: SessionRecord, afterSequence: number | undefined): number | undefined {
  if (afterSequence === undefined) return undefined;
  const known = Number.isInteger(afterSequence) && afterSequence >= 0 && afterSequence <= session.sequence;
  if (!known) throw beyondTheLog();
  return isBehind(session, afterSequence) ? undefined : afterSequence;
}

function beyondTheLog(): FacetError {
  const violation = { field: 'after_sequence', description: 'is beyond the last event', rule: 'sequence' };
  return new FacetError('INVALID_SEQUENCE', { violations: [violation] });
}

/** Whether events after the cursor are no longer kept. */
function isBehind(session: SessionRecord, cursor: number): boolean {
  return session.log[0]!.sequence > cursor + 1;
}

function snapshot(session: SessionRecord, resync: boolean, clock: Clock): LoginUpdate {
  return { ...message('snapshot', session.sequence, sessionView(session), clock), resync };
}

function message(
  type: LoginUpdate['type'],
  sequence: number,
  session: SessionView | null,
  clock: Clock,
): LoginUpdate {
  const expireTime = session?.expireTime ?? null;
  return { type, sequence, session, resync: false, serverTime: rfc3339(clock.now()), expireTime };
}

/** Waits until the topic has another document than `seen`, or a heartbeat is due. */
function changed(
  topic: Topic,
  seen: SessionDocument,
  clock: Clock,
  heartbeatMs: number,
  signal: AbortSignal,
): Promise<'changed' | 'heartbeat'> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (topic.latest() !== seen) return resolve('changed');
    const settle = (act: () => void) => () => {
      callOff();
      unsubscribe();
      signal.removeEventListener('abort', aborted);
      act();
    };
    const callOff = clock.after(
      heartbeatMs,
      settle(() => resolve('heartbeat')),
    );
    const unsubscribe = topic.onChange(settle(() => resolve('changed')));
    const aborted = settle(() => reject(signal.reason));
    signal.addEventListener('abort', aborted, { once: true });
  });
}
