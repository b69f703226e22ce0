import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedRole } from '../../test/support/start-role.js';

/** Settings that a role must be started with for its memory to be weighed. */
export const WEIGHABLE = {
  NODE_OPTIONS: `--expose-gc --import=${new URL('./weigh-on-signal.js', import.meta.url)}`,
};

const LONGEST_MS = 10_000;

/** What the process uses without its garbage, in kB: unlike resident memory, no more than what is held. */
export async function usedKb({ child, printed }: StartedRole): Promise<number> {
  const known = weighed(printed()).length;
  child.kill('SIGUSR2');
  for (const end = performance.now() + LONGEST_MS; performance.now() < end; await sleep(20)) {
    const now = weighed(printed());
    if (now.length > known) return now.at(-1)! / 1024;
  }
  throw new Error(`the process did not say within ${LONGEST_MS} ms what it uses`);
}

const weighed = (text: string) => [...text.matchAll(/^weighed (\d+)$/gm)].map(([, bytes]) => Number(bytes));
