import type { SecondsAndNanos } from '../json/instant.js';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  // The micro sign, and the Greek letter that looks the same.
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PART = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
const LARGEST = 2n ** 63n;

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
    const nanos = partNanos(match[1] ?? '', match[2] ?? '', UNITS[match[3]!]!);
    if (nanos === undefined) return undefined;
    total += nanos;
    if (total > LARGEST) return undefined;
  } while (PART.lastIndex < unsigned.length);
  if (total === LARGEST && !negative) return undefined;
  const signed = negative ? -total : total;
  return { seconds: Number(signed / 1_000_000_000n), nanos: Number(signed % 1_000_000_000n) };
}

function partNanos(whole: string, fraction: string, unit: number): bigint | undefined {
  if ((whole === '' && fraction === '') || whole.length > 19) return undefined;
  // The fraction is a double in Go too; digits beyond the eighteenth do not count.
  const digits = fraction.slice(0, 18);
  return BigInt(whole) * BigInt(unit) + BigInt(Math.floor(Number(digits) * (unit / 10 ** digits.length)));
}
