import type { Child } from '../child.js';
import { cpuTime } from '../cpu-time.js';
import type { LoadJob, LoadResult } from '../load/job.js';
import type { Contender, Subject, Target } from './subjects.js';

/** A figure of one target: medians of its rounds. */
export interface Measured {
  readonly subject: string;
  readonly contender: Contender;
  readonly perSecond: number;
  /** Answers a second of each round. */
  readonly rounds: readonly number[];
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time an answer, of all processes behind it; undefined where it cannot be told. */
  readonly cpuMicros: number | undefined;
  readonly bodyBytes: number;
}

export interface Effort {
  readonly rounds: number;
  /** How long one target is under load in a round. */
  readonly milliseconds: number;
  readonly warmUpMs: number;
  readonly connections: number;
}

type Round = LoadResult & { readonly cpuSeconds: number | undefined };

/**
 * Puts every target under load in turns, round after round, so that what else the machine does falls on all
 * alike. Only one is under load at a time.
 */
export async function measure(
  subjects: readonly Subject[],
  generator: Child,
  effort: Effort,
): Promise<Measured[]> {
  const all = subjects.flatMap(({ name, targets }) =>
    targets.map((target) => ({ name, target, rounds: [] as Round[] })),
  );
  for (const { target } of all) await load(target, effort.warmUpMs);
  for (let round = 0; round < effort.rounds; round++) {
    for (const { target, rounds } of all) rounds.push(await load(target, effort.milliseconds));
  }
  return all.map(({ name, target, rounds }) => ({
    subject: name,
    contender: target.contender,
    perSecond: median(rounds.map(rateOf)),
    rounds: rounds.map(rateOf),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    cpuMicros: cpuMicros(rounds),
    bodyBytes: rounds[0]!.bodyBytes,
  }));

  async function load({ port, pids, requests }: Target, milliseconds: number): Promise<Round> {
    const before = cpuTime(pids);
    const job: LoadJob = { port, requests, milliseconds, connections: effort.connections };
    const result = await generator.ask<LoadResult>(job);
    const after = cpuTime(pids);
    return {
      ...result,
      cpuSeconds: before === undefined || after === undefined ? undefined : after - before,
    };
  }
}

const rateOf = ({ answers, seconds }: Round) => answers / seconds;

function cpuMicros(rounds: readonly Round[]): number | undefined {
  if (rounds.some(({ cpuSeconds }) => cpuSeconds === undefined)) return undefined;
  const seconds = rounds.reduce((sum, { cpuSeconds }) => sum + cpuSeconds!, 0);
  return (seconds / rounds.reduce((sum, { answers }) => sum + answers, 0)) * 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
