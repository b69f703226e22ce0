import { lowestOf, type Sample, slopeOf } from './gauges.js';

/** What a soak came to. */
export interface Soak {
  readonly minutes: number;
  readonly perSecond: number;
  readonly samples: readonly Sample[];
  readonly calls: number;
  /** What failed, by the text that tells them apart. */
  readonly errors: ReadonlyMap<string, number>;
}

export interface Judgement {
  readonly figures: string;
  /** What was missed, in words; none where all was met. */
  readonly missed: readonly string[];
}

const MOST_MB_A_MINUTE = 1;
/** Of those that were to be made. */
const LEAST_CALLS = 0.95;
/** By what they do not go below: callers open more connections while the machine is slow. */
const MOST_HANDLES_MORE = 5;

/** A process takes some minutes to grow to its size: this share of the time, three minutes of ten. */
export const warmUpOf = (minutes: number) => minutes * 0.3;

export function judge({ minutes, perSecond, samples, calls, errors }: Soak): Judgement {
  const warm = samples.filter(({ minute }) => minute >= warmUpOf(minutes));
  const slope = slopeOf(lowestOf(warm, minutes / 10));
  const [first, last] = [warm.slice(0, warm.length / 4), warm.slice(-warm.length / 4)].map((some) =>
    Math.min(...some.map(({ handles }) => handles)),
  );
  const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const rate = calls / minutes / 60;
  const missed = [];
  if (!(slope <= MOST_MB_A_MINUTE)) missed.push(`memory grows by more than ${MOST_MB_A_MINUTE} MB a minute`);
  if (!(last! - first! <= MOST_HANDLES_MORE)) missed.push('handles grow');
  if (failed > 0)
    missed.push(`calls failed: ${[...errors].map(([text, count]) => `${count} × ${text}`).join('; ')}`);
  if (!(rate >= perSecond * LEAST_CALLS)) missed.push(`fewer than ${perSecond} calls a second`);
  const figures = [
    `${calls} calls in ${minutes} minutes, ${rate.toFixed(0)} a second, ${failed} failed`,
    `memory after minute ${warmUpOf(minutes).toFixed(1)}: ${slope.toFixed(2)} MB a minute by what was least in each tenth, ${warm.at(-1)?.residentMb.toFixed(0)} MB at the end`,
    `handles: at least ${first} after the start, ${last} at the end`,
  ].join('\n');
  return { figures, missed };
}
