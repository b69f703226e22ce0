import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src/config/config.js';
import { root } from './root.js';

/** A process of Facet's, as `npm start` and its halves run it. */
export interface StartedRole {
  readonly child: ChildProcess;
  /** "host:port", where the role listens for it. */
  readonly grpc: string | undefined;
  readonly rest: string | undefined;
  /** What it has printed and logged so far. */
  printed(): string;
  /** The exit code, null after a signal. */
  readonly ended: Promise<number | null>;
}

const READY_MS = 60_000;
const running = new Set<ChildProcess>();
const folders: string[] = [];
// A suite that breaks off leaves no process behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a role on free ports, with these settings of Facet's and no others; resolves when it says that it is ready. */
export async function startRole(role: Role, settings: Record<string, string> = {}): Promise<StartedRole> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FACET_') && name !== 'MONGODB_URI',
  );
  const env = {
    ...Object.fromEntries(own),
    FACET_GRPC_ADDR: '127.0.0.1:0',
    FACET_REST_ADDR: '127.0.0.1:0',
    ...(settings.FACET_DATA_DIR === undefined && { FACET_DATA_DIR: newFolder() }),
    ...settings,
  };
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), role], { cwd: root, env });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const late = performance.now() + READY_MS;
  while (!/^facet ready .*$/m.test(output)) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > late) {
      const how = child.exitCode ?? child.signalCode ?? `not within ${READY_MS} ms`;
      child.kill('SIGKILL');
      // What it said comes with its end.
      await ended;
      throw new Error(`${role} did not start (${how}):\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [ready] = /^facet ready .*$/m.exec(output)!;
  const at = (name: string) => new RegExp(` ${name}=(\\S+)`).exec(ready)?.[1];
  return { child, grpc: at('grpc'), rest: at('rest'), printed: () => output, ended };
}

/** A folder that `stopAll` removes. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-role-'));
  folders.push(folder);
  return folder;
}

/** Ends, at once, what has been started and still runs. */
export async function stopAll(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'close'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
