import { readFileSync } from 'node:fs';

/** Ticks a second in /proc, on every Linux of use. */
const TICKS = 100;

/** Seconds of processor time that processes have taken so far; undefined where the system does not tell. */
export function cpuTime(pids: readonly number[]): number | undefined {
  try {
    return pids.reduce((sum, pid) => sum + ofProcess(pid), 0);
  } catch {
    return undefined;
  }
}

function ofProcess(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name may hold spaces; user and system time are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
