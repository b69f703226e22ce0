import { table } from '../table.js';
import type { CodecTimes } from './codec.js';
import type { Measured } from './measure.js';
import { ratioOf, type Verdict } from './verdicts.js';

/** The run as text: every figure with its ratios to the peer and to bare Node, then what was aimed at. */
export function reportOf(
  measured: readonly Measured[],
  codec: CodecTimes,
  verdicts: readonly Verdict[],
): string {
  const rows = measured.map(({ subject, contender, perSecond, p50, p99, cpuMicros, bodyBytes }) => {
    const ofBare = ratioOf(measured, subject, contender, 'bare');
    const ofPeer = ratioOf(measured, subject, contender, 'grpc-gateway');
    return [
      `${subject}: ${contender}`,
      perSecond.toFixed(0),
      p50.toFixed(1),
      p99.toFixed(1),
      cpuMicros?.toFixed(0) ?? '–',
      String(bodyBytes),
      ofBare?.toFixed(2) ?? '',
      ofPeer?.toFixed(2) ?? '',
    ];
  });
  const head = ['', 'per second', 'p50 ms', 'p99 ms', 'CPU µs', 'bytes', '× bare', '× grpc-gateway'];
  const aims = verdicts.map(({ what, figure, limit, unit, met, byCpu }) => [
    what,
    figure.toFixed(2),
    byCpu?.toFixed(2) ?? '',
    `${limit} ${unit}`,
    met ? 'met' : 'MISSED',
  ]);
  return [
    table(head, rows),
    '',
    `fifteen fields: JSON to protobuf ${codec.decode.toFixed(1)} µs, back ${codec.encode.toFixed(1)} µs`,
    '',
    table(['aim', 'figure', 'by CPU', 'limit', ''], aims),
  ].join('\n');
}
