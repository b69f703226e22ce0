import { median } from '../gateway/measure.js';
import { type Contender, OPERATIONS, type Operation } from './contender.js';

export interface Effort {
  readonly rounds: number;
  /** How long each is under load in a round, and before the first. */
  readonly milliseconds: number;
  readonly warmUpMs: number;
  /** Operations under way at once. */
  readonly atOnce: number;
}

/** Medians of the rounds. */
export interface Figure {
  readonly operation: Operation;
  readonly contender: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Every operation of every contender in turns, round after round: what else the machine does falls on all alike. */
export async function measureAll(contenders: readonly Contender[], effort: Effort): Promise<Figure[]> {
  const all = OPERATIONS.flatMap((operation) =>
    contenders.map((contender) => ({ operation, contender, rounds: [] as number[][] })),
  );
  for (const { operation, contender } of all)
    await load(contender.run[operation], effort.warmUpMs, effort.atOnce);
  for (let round = 0; round < effort.rounds; round++) {
    for (const { operation, contender, rounds } of all) {
      rounds.push(await load(contender.run[operation], effort.milliseconds, effort.atOnce));
    }
  }
  return all.map(({ operation, contender, rounds }) => ({
    operation,
    contender: contender.name,
    perSecond: median(rounds.map((times) => (times.length / effort.milliseconds) * 1000)),
    p50: median(rounds.map((times) => quantile(times, 0.5))),
    p99: median(rounds.map((times) => quantile(times, 0.99))),
  }));
}

/** The milliseconds of each operation that ended in time. */
export async function load(
  run: () => Promise<unknown>,
  milliseconds: number,
  atOnce: number,
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  const worker = async () => {
    for (let began = performance.now(); began < end; began = performance.now()) {
      await run();
      if (performance.now() <= end) times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
