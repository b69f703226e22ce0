import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

const { createRecord, judge } = await import(join(root, 'scripts/testing/coverage.mjs'));

const test = suite<{ folder: string }>('what tests have run');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'facet-covered-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Writes a source and what it compiles to, which is the same, line by line. */
function write(folder: string, path: string, ...lines: string[]): void {
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const name = path.split('/').at(-1);
  const compiled = join('dist', path).replace(/ts$/, 'js');
  put(path, lines.join('\n'));
  put(compiled, [...lines, `//# sourceMappingURL=${name!.replace(/ts$/, 'js')}.map`].join('\n'));
  const up = dirname(compiled)
    .split('/')
    .map(() => '..')
    .join('/');
  const mappings = ['AAAA', ...lines.slice(1).map(() => 'AACA')].join(';');
  put(`${compiled}.map`, JSON.stringify({ version: 3, sources: [`${up}/${path}`], names: [], mappings }));
}

test('counts what processes and their children ran, of sources with code in them', async ({ folder }) => {
  write(folder, 'src/run.ts', 'export const run = () => 1;', 'run();');
  write(folder, 'src/half.ts', 'export const half = 1;', 'function other() {', '  return 2;', '}');
  write(folder, 'gateway/child.ts', 'process.exitCode = 0;');
  write(folder, 'src/never.ts', 'export const never = 1;', 'export const more = 2;');
  write(folder, 'src/types.ts', 'export {};');
  write(folder, 'src/gen/made.ts', 'export const made = 1;');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'main.js'),
    `import './dist/src/run.js'; import './dist/src/half.js'; import { execFileSync } from 'node:child_process';
     execFileSync(process.execPath, ['dist/gateway/child.js']);`,
  );
  const record = createRecord();
  execFileSync(process.execPath, ['main.js'], { cwd: folder, env: { ...process.env, ...record.env } });
  const files: { path: string; unrun: number[] }[] = await record.read(folder);
  assert.equal(Object.fromEntries(files.map(({ path, unrun }) => [path, unrun])), {
    'src/run.ts': [],
    'src/half.ts': [2, 3, 4],
    'gateway/child.ts': [],
    'src/never.ts': [1, 2],
  });
  record.remove();
  assert.not.ok(existsSync(record.env.NODE_V8_COVERAGE));
});

const file = (path: string, covered: number, unrun: number[] = [], branches = covered) => ({
  path,
  lines: { total: 100, covered },
  branches: { total: 100, covered: branches },
  unrun,
});

test('a limit that is missed is told with the places, by file and lines', () => {
  const files = [file('src/a.ts', 100), file('src/b.ts', 95, [3, 4, 5, 9, 20]), file('gateway/c.ts', 0, [1])];
  const limits = [{ name: 'ours', places: ['src/'], lines: 98 }];
  assert.equal(judge(files, limits), [
    { text: 'ours: lines 97.50 %', missed: 'lines must be 98 %', unrun: ['src/b.ts:3-5,9,20'] },
  ]);
  assert.is(judge(files, [{ ...limits[0], lines: 97.5 }])[0].missed, '');
});

test('lines and branches are held each', () => {
  const limits = [{ name: 'all', places: ['src/', 'gateway/'], lines: 92, branches: 85 }];
  const missed = (lines: number, branches: number) =>
    judge([file('gateway/a.ts', lines, [], branches)], limits)[0].missed;
  assert.is(missed(92, 85), '');
  assert.is(missed(91, 85), 'lines must be 92 %');
  assert.is(missed(92, 84), 'branches must be 85 %');
  assert.is(missed(0, 0), 'lines must be 92 %, branches must be 85 %');
});

test('a place with nothing in it misses its limit', () => {
  assert.is(judge([], [{ name: 'gone', places: ['src/gone/'], lines: 1 }])[0].missed, 'lines must be 1 %');
});

test('contracts and domain are to be run wholly, all else nearly so', () => {
  const missed = (contracts: number, domain: number, cli: number) =>
    judge([
      file('src/contracts/a.ts', contracts),
      file('src/domain/a.ts', domain),
      file('src/cli/a.ts', cli),
    ]).map(({ missed }: { missed: string }) => missed !== '');
  assert.equal(missed(100, 100, 80), [false, false, false]);
  assert.equal(missed(99, 100, 100), [false, true, false]);
  assert.equal(missed(100, 99, 100), [false, false, true]);
  assert.equal(missed(100, 100, 70), [true, false, false]);
});

test.run();
