import { execFile } from 'node:child_process';

const main = new URL('../../src/cli/main.js', import.meta.url).href;

/** How a command ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own, on a data folder that a service may have open. */
export function runFacet(folder: string, settings: Record<string, string>, ...args: string[]): Promise<Run> {
  const script = `const { main } = await import(${JSON.stringify(main)}); process.exitCode = await main(process.argv.slice(1));`;
  // Settings of the test runner's own would be taken for Facet's.
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FACET_') && name !== 'MONGODB_URI',
  );
  const env = { ...Object.fromEntries(own), FACET_DATA_DIR: folder, ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', script, '--', ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.code as unknown as number), stdout, stderr });
      },
    );
  });
}
