import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';
import type { Mutant } from './mutants.js';

/** How a suite ended: a suite that could not even run says nothing about a defect. */
export type Outcome = 'passed' | 'failed' | 'broke off';

/** A checkout whose compiled code can be broken; suites may write beside it, so all but the libraries is a copy. */
export interface CopiedTree {
  /** Runs a suite on the embedded store, up to the first test that fails. */
  run(suite: string): Promise<Outcome>;
  /** The same with a defect in place. */
  runWith(mutant: Mutant): Promise<Outcome>;
  remove(): void;
}

const SUITE_MS = 60_000;
/** What uvu prints for a test that failed, as soon as it did. */
const FAILED = '✘';

export function copyTree(): CopiedTree {
  const tree = mkdtempSync(join(tmpdir(), 'facet-mutants-'));
  const copy = (names: readonly string[], from: string, to: string) => {
    const copied = spawnSync('cp', ['-a', ...names.map((name) => join(from, name)), to]);
    assert.is(copied.status, 0, `${copied.stderr}`);
  };
  const left = ['dist', 'data', '.git', 'node_modules'];
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  copy(
    readdirSync(root).filter((name) => !left.includes(name)),
    root,
    tree,
  );
  mkdirSync(join(tree, 'dist'));
  copy(['src', 'gateway', 'test'], join(root, 'dist'), join(tree, 'dist'));

  async function run(suite: string): Promise<Outcome> {
    const path = join(tree, 'dist/test', `${suite}.js`);
    assert.ok(existsSync(path), `${suite} is no suite`);
    // Both would have the suite look for a second store.
    const { MONGODB_URI: _, FACET_REQUIRE_STORES: __, ...env } = process.env;
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const options = { cwd: tree, env, stdio: [...stdio], timeout: SUITE_MS, killSignal: 'SIGKILL' as const };
    const child = spawn(process.execPath, [path], options);
    let printed = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
      if (printed.includes(FAILED)) child.kill('SIGKILL');
    });
    const [code] = await once(child, 'close');
    if (code === 0) return 'passed';
    // A hook that failed has no mark, but a count of tests after it.
    return printed.includes(FAILED) || /Total:/.test(printed) ? 'failed' : 'broke off';
  }

  return {
    run,
    async runWith({ file, replace, caughtBy }) {
      const path = join(tree, 'dist', `${file}.js`);
      const sound = readFileSync(path, 'utf8');
      const parts = sound.split(replace[0]);
      assert.is(parts.length, 2, `${file} has the text to replace ${parts.length - 1} times`);
      writeFileSync(path, parts.join(replace[1]));
      try {
        return await run(caughtBy);
      } finally {
        writeFileSync(path, sound);
      }
    },
    remove: () => rmSync(tree, { recursive: true, force: true }),
  };
}
