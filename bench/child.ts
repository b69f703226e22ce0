import { type ChildProcess, fork } from 'node:child_process';

/** How long a child may take to say something, in milliseconds. */
const SILENCE_MS = 30_000;

/** A process of a benchmark. It ends when its parent does: the channel between them breaks. */
export interface Child {
  readonly pid: number;
  /** Sends a message, and resolves to what the child says next. */
  ask<T>(message: unknown): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts a compiled file of this folder, and resolves with its first message.
 * What it sends is `{result}` or `{error: text}`.
 */
export async function startChild<T>(
  file: string,
  args: readonly string[],
): Promise<{ child: Child; said: T }> {
  const forked = fork(new URL(file, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const child: Child = {
    pid: forked.pid!,
    ask(message) {
      forked.send(message as object);
      return hear(forked, file);
    },
    stop: () =>
      new Promise((resolve) => {
        if (forked.exitCode !== null || forked.signalCode !== null) return resolve();
        forked.once('exit', () => resolve());
        forked.disconnect();
      }),
  };
  return { child, said: await hear<T>(forked, file) };
}

function hear<T>(forked: ChildProcess, file: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error(`${file} says nothing`))), SILENCE_MS);
    const onMessage = (message: unknown) => {
      const { result, error } = message as { result: T; error?: string };
      finish(() => (error === undefined ? resolve(result) : reject(new Error(`${file}: ${error}`))));
    };
    const onExit = () => finish(() => reject(new Error(`${file} has ended`)));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      forked.off('message', onMessage);
      forked.off('exit', onExit);
      settle();
    };
    forked.on('message', onMessage);
    forked.on('exit', onExit);
  });
}
