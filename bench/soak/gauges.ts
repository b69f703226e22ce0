import { readdirSync, readFileSync } from 'node:fs';

/** What a process held at one moment. */
export interface Sample {
  /** Minutes since the start. */
  readonly minute: number;
  readonly residentMb: number;
  /** Files and sockets that are open. */
  readonly handles: number;
}

/** Looks at a process of this machine, by Linux's /proc. */
export function sampleOf(pid: number, minute: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    minute,
    residentMb: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** MB a minute: the slope of the line with the least squares. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ minute }) => minute));
  const y = mean(samples.map(({ residentMb }) => residentMb));
  const [over, under] = samples.reduce(
    ([a, b], { minute, residentMb }) => [a + (minute - x) * (residentMb - y), b + (minute - x) ** 2],
    [0, 0],
  );
  return over / under;
}

/** The sample with the least memory in each span of so many minutes: garbage comes and goes, and what leaks stays. */
export function lowestOf(samples: readonly Sample[], span: number): Sample[] {
  const lowest = new Map<number, Sample>();
  for (const sample of samples) {
    const at = Math.floor(sample.minute / span);
    const known = lowest.get(at);
    if (known === undefined || sample.residentMb < known.residentMb) lowest.set(at, sample);
  }
  return [...lowest.values()];
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
