import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

interface Job {
  readonly files: readonly string[];
  readonly way?: string;
}

const { jobsOf, nameOf, testFiles } = await import(join(root, 'scripts/testing/test-files.mjs'));
const files: string[] = testFiles();
const jobs: Job[] = jobsOf(files);

const test = suite('which tests run together');

test('every file is run once, and once more apart where it is of a REST API', () => {
  const run = (way?: string) => jobs.filter((job) => job.way === way).flatMap((job) => job.files);
  assert.equal(run().sort(), [...files].sort());
  const apart = run('apart').map((file) => nameOf(file).split('/')[0]);
  assert.equal([...new Set(apart)].sort(), [
    'admin',
    'agents',
    'core',
    'mailbox',
    'outreach',
    'profiles',
    'views',
  ]);
  assert.is(apart.length, files.filter((file) => apart.includes(nameOf(file).split('/')[0])).length);
});

test('those that run together are of one folder, and few', () => {
  for (const { files: together } of jobs) {
    assert.is(new Set(together.map(dirname)).size, 1);
    assert.ok(together.length <= 8);
  }
});

test('a file that says so runs in a process of its own', () => {
  const alone = jobs.filter(({ files: [first] }) => {
    const source = join(root, 'test', nameOf(first).replace(/js$/, 'ts'));
    return readFileSync(source, 'utf8').startsWith('// In a process of its own: ');
  });
  assert.ok(alone.length >= 5);
  for (const { files: together } of alone) assert.is(together.length, 1, together.join());
});

test('a file that asks for the machine runs in a job of its own that says so', () => {
  const marked = (file: string) => {
    const source = join(root, 'test', nameOf(file).replace(/js$/, 'ts'));
    return readFileSync(source, 'utf8').startsWith('// With the machine to itself: ');
  };
  const each = jobs as (Job & { readonly byItself: boolean })[];
  assert.ok(each.some(({ byItself }) => byItself));
  for (const { files: of, byItself } of each) {
    assert.is(byItself, of.some(marked), of.join());
    if (byItself) assert.is(of.length, 1, of.join());
  }
});

test('so does every file where one each is asked for', () => {
  for (const { files: together } of jobsOf(files, { oneEach: true })) assert.is(together.length, 1);
});

test('a job may run beside others where each of its files says so', () => {
  const marked = (file: string) => {
    const source = join(root, 'test', nameOf(file).replace(/js$/, 'ts'));
    return /^\/\/ Beside others: /.test(readFileSync(source, 'utf8'));
  };
  const each: (Job & { readonly beside: boolean })[] = jobsOf(files, { oneEach: true });
  assert.ok(each.some(({ beside }) => beside));
  for (const { files: of, beside } of each) assert.is(beside, of.every(marked), of.join());
});

test.run();
