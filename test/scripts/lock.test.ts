import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

const test = suite<{ folder: string }>('a lock between processes');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'facet-lock-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Does its work, a line in a file after half a second, unless that file is there. Resolves with the exit code. */
async function work(folder: string, fails = false): Promise<number | null> {
  const script = `
    import { appendFileSync, existsSync } from 'node:fs';
    import { onceAtATime } from ${JSON.stringify(join(root, 'scripts/lock.mjs'))};
    await onceAtATime('lock', () => existsSync('done'), async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      ${fails ? "throw new Error('no');" : "appendFileSync('done', 'x');"}
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  return (await once(child, 'close'))[0];
}

test('of many at once one does the work, and the others wait for it', async ({ folder }) => {
  const codes = await Promise.all(Array.from({ length: 4 }, () => work(folder)));
  assert.equal(codes, [0, 0, 0, 0]);
  assert.is(readFileSync(join(folder, 'done'), 'utf8'), 'x');
  assert.not.ok(existsSync(join(folder, 'lock')));
});

test('work that fails leaves no lock behind', async ({ folder }) => {
  assert.is(await work(folder, true), 1);
  assert.not.ok(existsSync(join(folder, 'lock')));
  assert.is(await work(folder), 0);
});

test('a lock whose holder has died counts for nothing', async ({ folder }) => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(folder, 'lock'), String(pid));
  assert.is(await work(folder), 0);
});

test('so does one that nobody has signed for long', async ({ folder }) => {
  writeFileSync(join(folder, 'lock'), '');
  utimesSync(join(folder, 'lock'), 1, 1);
  assert.is(await work(folder), 0);
});

test.run();
