import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/linkedin/clock.js';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on by that many milliseconds and runs what falls due, in order, with time for what it sets off. */
  advance(ms: number): Promise<void>;
  /** How many timers are set. */
  timers(): number;
}

/** Rounds of the event loop given to what a timer sets off before the next one runs. */
const TURNS = 20;

export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const settle = async () => {
    for (let turns = 0; turns < TURNS; turns++) await turn();
  };
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + Math.max(0, ms), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.delete(next);
        time = Math.max(time, next.at);
        next.run();
        await settle();
      }
      time = end;
      await settle();
    },
    timers: () => timers.size,
  };
}
