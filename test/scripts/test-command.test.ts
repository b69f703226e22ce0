import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

const test = suite('npm test');

/** Runs the command as npm does; resolves with its exit code, its last line and all that it said. */
function run(...args: string[]) {
  const { MONGODB_URI: _, FACET_REQUIRE_STORES: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/test.mjs'), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { status, last: stdout.trimEnd().split('\n').at(-1), said: stdout + stderr };
}

/** Given with every option, so that one that is not heeded does not run everything. */
const ONE = 'domain/etag';

test('--help says what can be given, and runs nothing', () => {
  for (const option of ['--help', '--hard']) {
    const { status, said } = run('--help', option, ONE);
    assert.is(status, 0);
    for (const word of ['--coverage', 'part of a path', 'MONGODB_URI', 'FACET_REQUIRE_STORES'])
      assert.ok(said.includes(word), word);
    assert.not.match(said, /\d passed/);
  }
});

test('an option that there is not is refused, and help named', () => {
  const { status, said } = run('--fast', ONE);
  assert.is(status, 2);
  assert.match(said, '--fast');
  assert.match(said, '--help');
});

test('a part of a path chooses files, as written below the root or without', () => {
  for (const part of [ONE, 'test/domain/etag.test.ts']) {
    const { status, last } = run(part);
    assert.equal([status, last], [0, '10 passed, 0 failed, 0 skipped']);
  }
});

test('where there is no such file, that is a failure', () => {
  const { status, last, said } = run('domain/nothing');
  assert.equal([status, last], [1, '0 passed, 1 failed, 0 skipped']);
  assert.match(said, 'FAIL no test file was found');
});

test.run();
