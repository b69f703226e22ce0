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
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MUTANTS, type Mutant } from '../fault/mutants.js';
import { root } from '../support/root.js';

const SUITE_MS = 120_000;
const mutants = suite('planted defects');
const tree = mkdtempSync(join(tmpdir(), 'facet-mutants-'));

/** A checkout whose compiled code can be broken; suites may write beside it, so all but the libraries is a copy. */
mutants.before(() => {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  const copy = (names: readonly string[], from: string, to: string) => {
    const copied = spawnSync('cp', ['-a', ...names.map((name) => join(from, name)), to]);
    assert.is(copied.status, 0, `${copied.stderr}`);
  };
  const left = ['dist', 'data', '.git', 'node_modules'];
  copy(
    readdirSync(root).filter((name) => !left.includes(name)),
    root,
    tree,
  );
  mkdirSync(join(tree, 'dist'));
  copy(['src', 'gateway', 'test'], join(root, 'dist'), join(tree, 'dist'));
});
mutants.after(() => rmSync(tree, { recursive: true, force: true }));

/** Whether the suite passes in the tree as it is now, on the embedded store. */
async function passes(file: string): Promise<boolean> {
  const path = join(tree, 'dist/test', `${file}.js`);
  assert.ok(existsSync(path), `${file} is no suite`);
  const { MONGODB_URI: _, ...env } = process.env;
  const child = spawn(process.execPath, [path], {
    cwd: tree,
    env,
    stdio: 'ignore',
    timeout: SUITE_MS,
    killSignal: 'SIGKILL',
  });
  const [code] = await once(child, 'close');
  return code === 0;
}

async function withDefect({ file, replace }: Mutant, run: () => Promise<void>): Promise<void> {
  const path = join(tree, 'dist', `${file}.js`);
  const sound = readFileSync(path, 'utf8');
  const parts = sound.split(replace[0]);
  assert.is(parts.length, 2, `${file} has the text to replace ${parts.length - 1} times`);
  writeFileSync(path, parts.join(replace[1]));
  try {
    await run();
  } finally {
    writeFileSync(path, sound);
  }
}

for (const file of new Set(MUTANTS.map(({ caughtBy }) => caughtBy))) {
  mutants(`${file} passes on sound code`, async () => {
    assert.ok(await passes(file));
  });
}

for (const mutant of MUTANTS) {
  mutants(`${mutant.defect}: caught by ${mutant.caughtBy}`, () =>
    withDefect(mutant, async () => {
      assert.not.ok(await passes(mutant.caughtBy), 'nobody noticed');
    }),
  );
}

mutants.run();
