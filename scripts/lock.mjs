// A lock between processes of one clone. Built-ins only: installing needs it.
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const UNSIGNED_MS = 5000;

/**
 * Does the work unless it is done; a second caller waits for the first, and then finds it done.
 * A lock whose holder was killed counts for nothing.
 */
export async function onceAtATime(file, isDone, work) {
  while (!isDone()) {
    const lock = take(file);
    if (lock === undefined) {
      await sleep(200);
      continue;
    }
    try {
      if (!isDone()) await work();
      return;
    } finally {
      closeSync(lock);
      rmSync(file, { force: true });
    }
  }
}

function take(file) {
  try {
    const lock = openSync(file, 'wx');
    writeSync(lock, `${process.pid}`);
    return lock;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isForsaken(file)) rmSync(file, { force: true });
    return undefined;
  }
}

function isForsaken(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    // One that has just made the file has not written its number yet.
    return holder > 0 ? !lives(holder) : Date.now() - statSync(file).mtimeMs > UNSIGNED_MS;
  } catch {
    return false;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
