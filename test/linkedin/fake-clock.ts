import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/domain/linkedin/clock.js';
import type { Store } from '../../src/storage/store.js';

/** A clock that stands still until it is moved, and then waits for what its timers set off. */
export interface FakeClock extends Clock {
  /** The store, such that the clock does not move while an operation on it is under way. */
  follow(store: Store): Store;
  /** Moves on and runs what falls due on the way, in order. */
  advance(ms: number): Promise<void>;
  /** Moves on at once, as a suspended machine does; what has fallen due runs then. */
  jump(ms: number): Promise<void>;
  /** How many timers are set. */
  timers(): number;
}

/** Looks, a millisecond apart, at which nothing may be under way before time goes on. */
const QUIET_LOOKS = 3;

export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  let operations = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet = operations === 0 ? quiet + 1 : 0) await sleep(1);
  }

  async function runUntil(end: number): Promise<void> {
    await settle();
    for (;;) {
      const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers.delete(next);
      time = Math.max(time, next.at);
      next.run();
      await settle();
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
    follow: (store) =>
      new Proxy(store, {
        get(target, name, receiver) {
          const member = Reflect.get(target, name, receiver);
          if (typeof member !== 'function' || name === 'watch') return member;
          return async (...args: unknown[]) => {
            operations++;
            try {
              return await member(...args);
            } finally {
              operations--;
            }
          };
        },
      }),
    advance: (ms) => runUntil(time + ms),
    jump(ms) {
      time += ms;
      return runUntil(time);
    },
    timers: () => timers.size,
  };
}
