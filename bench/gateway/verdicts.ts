import type { CodecTimes } from './codec.js';
import { type Measured, median } from './measure.js';

/** A figure beside its limit. */
export interface Verdict {
  readonly what: string;
  readonly figure: number;
  readonly limit: number;
  readonly unit: string;
  readonly met: boolean;
  /** The same ratio by processor time an answer, which other work on the machine changes least. */
  readonly byCpu?: number | undefined;
}

/** How many times as fast as the grpc-gateway `local` is to be. */
const TIMES_THE_PEER = 1.5;
/** Microseconds that a message of fifteen fields may take both ways together. */
const CODEC_MICROS = 20;

/** What was aimed at, and whether it was reached. */
export function verdictsOf(measured: readonly Measured[], codec: CodecTimes): Verdict[] {
  const micros = codec.decode + codec.encode;
  const subjects = [...new Set(measured.map(({ subject }) => subject))];
  return [
    {
      what: 'fifteen fields, JSON to protobuf and back',
      figure: micros,
      limit: CODEC_MICROS,
      unit: 'µs at most',
      met: micros <= CODEC_MICROS,
    },
    ...subjects.flatMap((subject): Verdict[] => {
      const ratio = ratioOf(measured, subject, 'local', 'grpc-gateway');
      if (ratio === undefined) return [];
      const met = ratio >= TIMES_THE_PEER;
      const [what, unit] = [`${subject}: local`, '× grpc-gateway'];
      return [
        { what, figure: ratio, limit: TIMES_THE_PEER, unit, met, byCpu: cpuRatioOf(measured, subject) },
      ];
    }),
  ];
}

/**
 * How many times as many answers a second one contender gives as the other, round by round, the median; undefined
 * where one of them is not there.
 */
export function ratioOf(
  measured: readonly Measured[],
  subject: string,
  one: Measured['contender'],
  other: Measured['contender'],
): number | undefined {
  const of = (contender: string) =>
    measured.find((each) => each.subject === subject && each.contender === contender)?.rounds;
  const [dividends, divisors] = [of(one), of(other)];
  if (dividends === undefined || divisors === undefined) return undefined;
  return median(dividends.map((dividend, round) => dividend / divisors[round]!));
}

function cpuRatioOf(measured: readonly Measured[], subject: string): number | undefined {
  const of = (contender: string) =>
    measured.find((each) => each.subject === subject && each.contender === contender)?.cpuMicros;
  const [peer, local] = [of('grpc-gateway'), of('local')];
  return peer === undefined || local === undefined ? undefined : peer / local;
}
