import { Worker } from 'node:worker_threads';
import type { Algorithm } from './algorithm.js';

const FORM = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const LEAST_COST = 4;
const MOST_COST = 14;

interface Answer {
  readonly id: number;
  readonly matches?: boolean;
}

/** One thread, made with the first hash: bcrypt in JavaScript takes up to seconds, and would stop all else here. */
let thread:
  | { readonly worker: Worker; readonly waiting: Map<number, (answer: Answer | Error) => void> }
  | undefined;
let last = 0;

/** OpenBSD's bcrypt; of a password it takes 72 bytes, as everywhere. */
export const bcrypt: Algorithm = {
  owns: (text) => /^\$2[aby]\$/.test(text),
  fault(text) {
    const cost = Number(FORM.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(cost) || cost < LEAST_COST) return 'is not a whole bcrypt hash';
    return cost > MOST_COST ? `costs too much to verify: at most a cost of ${MOST_COST}` : undefined;
  },
  verify: (text, password) =>
    new Promise((resolve, reject) => {
      const { worker, waiting } = running();
      const id = ++last;
      waiting.set(id, (answer) => {
        waiting.delete(id);
        if (waiting.size === 0) worker.unref();
        if (answer instanceof Error) reject(answer);
        else resolve(answer.matches === true);
      });
      worker.ref();
      worker.postMessage({ id, text, password });
    }),
};

function running(): NonNullable<typeof thread> {
  if (thread !== undefined) return thread;
  const worker = new Worker(new URL('./bcrypt-worker.js', import.meta.url));
  const waiting = new Map<number, (answer: Answer | Error) => void>();
  const made = { worker, waiting };
  const lost = (error: Error) => {
    if (thread === made) thread = undefined;
    for (const tell of [...waiting.values()]) tell(error);
  };
  worker.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  worker.on('error', lost);
  worker.on('exit', () => lost(new Error('the bcrypt thread has ended')));
  worker.unref();
  thread = made;
  return made;
}
