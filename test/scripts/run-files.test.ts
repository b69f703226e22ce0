import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

const { runFiles } = await import(join(root, 'scripts/testing/run-files.mjs'));

interface Told {
  readonly file: string;
  readonly passed: boolean;
  readonly output: string;
}

const test = suite<{ folder: string }>('files of tests in one process');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'facet-files-'));
  symlinkSync(join(root, 'node_modules'), join(context.folder, 'node_modules'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** A file with a suite of one test, which prints the process that it runs in. */
const tested = (body: string) => `
  import { suite } from 'uvu';
  const test = suite('planted');
  test('planted', async () => { console.log('in', process.pid); ${body} });
  test.run();`;

/** For files that do not end by themselves; a process needs a moment to start. */
const SHORT_MS = 3000;

/** Runs files of these texts; resolves with what was told of each, in order. */
async function run(folder: string, texts: readonly string[], timeoutMs = 60_000): Promise<Told[]> {
  const files = texts.map((text, at) => {
    const file = join(folder, `${at}.test.mjs`);
    writeFileSync(file, text);
    return file;
  });
  const told: Told[] = [];
  await runFiles(files, { env: process.env, timeoutMs }, (each: Told) => told.push(each));
  assert.equal(
    told.map(({ file }) => file),
    files,
  );
  return told;
}

const FAULTY = tested(`throw new Error('planted fault');`);

const verdicts = (told: readonly Told[]) => told.map(({ passed }) => passed);
const processOf = ({ output }: Told) => /in (\d+)/.exec(output)?.[1];

test('each file is told apart, with what it printed', async ({ folder }) => {
  const told = await run(folder, [tested(''), FAULTY, tested(''), FAULTY]);
  assert.equal(verdicts(told), [true, false, true, false]);
  assert.equal(
    told.map(({ output }) => [/Passed: +(\d)/.exec(output)?.[1], output.includes('planted fault')]),
    [
      ['1', false],
      ['0', true],
      ['1', false],
      ['0', true],
    ],
  );
  assert.not.match(told[3]!.output, 'the process ended');
  assert.is(new Set(told.map(processOf)).size, 1);
});

for (const [how, text, reason] of [
  ['ends the process', tested('process.exit(0);'), 'ended with 1'],
  ['never ends', tested('await new Promise(() => setInterval(() => {}, 1e6));'), 'killed after 3 s'],
  ['waits for nothing that comes', tested('await new Promise(() => {});'), 'ended with'],
  ['cannot be loaded', 'not a module', 'SyntaxError'],
  [
    'leaves a fault that nobody handles',
    tested('Promise.reject(new Error("late")); await new Promise(setImmediate);'),
    'late',
  ],
] as const) {
  test(`one that ${how} has failed, and those after it are run in another process`, async ({ folder }) => {
    const told = await run(
      folder,
      [tested(''), text, tested('')],
      reason.startsWith('killed') ? SHORT_MS : undefined,
    );
    assert.equal(verdicts(told), [true, false, true]);
    assert.ok(told[1]!.output.includes(reason), told[1]!.output);
    assert.is.not(processOf(told[2]!), processOf(told[0]!));
  });
}

test('the last one has failed when it keeps the process from ending', async ({ folder }) => {
  const told = await run(folder, [tested(''), tested('setInterval(() => {}, 1e6);')], SHORT_MS);
  assert.equal(verdicts(told), [true, false]);
  assert.match(told[1]!.output, 'killed after 3 s');
});

test('or when a fault comes after it', async ({ folder }) => {
  const told = await run(folder, [
    tested(''),
    tested(`setTimeout(() => { throw new Error('late'); }, 200);`),
  ]);
  assert.equal(verdicts(told), [true, false]);
  assert.match(told[1]!.output, 'late');
});

test.run();
