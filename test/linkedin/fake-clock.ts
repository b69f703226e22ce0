import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/domain/linkedin/clock.js';
import type { Store } from '../../src/storage/store.js';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on and runs what falls due on the way, in order, each with time for what it sets off. */
  advance(ms: number): Promise<void>;
  /** Moves on at once, as a suspended machine does; what has fallen due runs then. */
  jump(ms: number): Promise<void>;
  /** How many timers are set. */
  timers(): number;
}

/** Real time for the store to do what a timer has set off. */
const SETTLE_MS = { embedded: 6, mongo: 40 };

export function createFakeClock(name: Store['name'], start = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();

  async function runUntil(end: number): Promise<void> {
    await sleep(SETTLE_MS[name]);
    for (;;) {
      const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers.delete(next);
      time = Math.max(time, next.at);
      next.run();
      await sleep(SETTLE_MS[name]);
    }
    time = Math.max(time, end);
  }

  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + Math.max(0, ms), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => runUntil(time + ms),
    jump(ms) {
      time += ms;
      return runUntil(time);
    },
    timers: () => timers.size,
  };
}
