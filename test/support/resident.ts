import { readFileSync } from 'node:fs';
import type { StartedRole } from './start-role.js';

/** The memory that a process has in RAM, in MB. Linux tells it. */
export function residentMb({ child }: StartedRole): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}
