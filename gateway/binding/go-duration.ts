import type { SecondsAndNanos } from '../json/instant.js';

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
const LARGEST = 0x7fff_ffff_ffff_ffffn;

/** As Go's time.ParseDuration: "1h30m", "-3.5s", "0"; undefined beyond 292 years, which it cannot hold. */
export function parseGoDuration(text: string): SecondsAndNanos | undefined {
  const negative = text.startsWith('-');
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  if (unsigned === '0') return { seconds: 0, nanos: 0 };
  let total = 0n;
  PART.lastIndex = 0;
  do {
    const match = PART.exec(unsigned);
    if (match === null) return undefined;
    const [, whole = '', fraction = '', unit = ''] = match;
    if ((whole === '' && fraction === '') || whole.length > 19) return undefined;
    const scale = UNITS[unit]!;
    total +=
      BigInt(whole || '0') * scale + (BigInt(fraction.slice(0, 18).padEnd(18, '0')) * scale) / 10n ** 18n;
    if (total > LARGEST) return undefined;
  } while (PART.lastIndex < unsigned.length);
  const signed = negative ? -total : total;
  return { seconds: Number(signed / 1_000_000_000n), nanos: Number(signed % 1_000_000_000n) };
}
