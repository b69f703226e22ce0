import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

/** The thread of bcrypt.ts: answers each message with whether the password has the hash. */
parentPort!.on('message', ({ id, text, password }: { id: number; text: string; password: string }) => {
  parentPort!.postMessage({ id, matches: compareSync(password, text) });
});
