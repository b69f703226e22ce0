import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FacetError } from '../../../src/domain/errors.js';
import { createBoundedPool } from '../../../src/services/credential/hashing/bounded-pool.js';

const test = suite('the pool of hashing');

/** Tasks that end when they are told to, and in which order they began. */
function tasks() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const task = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const end = async () => {
    ends.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, task, end };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

test('no more run at once than may', async () => {
  const pool = createBoundedPool({ atOnce: 2, perLine: 10 });
  const { begun, task, end } = tasks();
  for (const name of ['1', '2', '3']) pool.run('t', task(name));
  await tick();
  assert.equal(begun, ['1', '2']);
  await end();
  assert.equal(begun, ['1', '2', '3']);
});

test('tenants take turns, however long the line of one is', async () => {
  const pool = createBoundedPool({ atOnce: 1, perLine: 10 });
  const { begun, task, end } = tasks();
  for (const name of ['a1', 'a2', 'a3']) pool.run('a', task(name));
  pool.run('b', task('b1'));
  for (let n = 0; n < 4; n++) {
    await tick();
    await end();
  }
  assert.equal(begun, ['a1', 'a2', 'b1', 'a3']);
});

test('a full line is refused, with when to try again; that of another tenant is not', async () => {
  const pool = createBoundedPool({ atOnce: 1, perLine: 2 });
  const { begun, task, end } = tasks();
  for (const name of ['1', '2', '3']) pool.run('a', task(name));
  try {
    await pool.run('a', task('4'));
    assert.unreachable();
  } catch (error) {
    const { code, retryAfterMs } = error as FacetError;
    assert.is(code, 'RESOURCE_EXHAUSTED');
    assert.ok(retryAfterMs! >= 1000);
  }
  pool.run('b', task('5'));
  for (let n = 0; n < 4; n++) {
    await tick();
    await end();
  }
  assert.equal([...begun].sort(), ['1', '2', '3', '5']);
});

test('who has gone is not worked for, and a task that fails gives its place back', async () => {
  const pool = createBoundedPool({ atOnce: 1, perLine: 10 });
  const { begun, task, end } = tasks();
  const failing = pool.run('t', () => Promise.reject(new Error('failed')));
  const gone = new AbortController();
  const left = pool.run('t', task('gone'), gone.signal);
  pool.run('t', task('stays'));
  gone.abort(new Error('left'));
  for (const [call, message] of [
    [failing, 'failed'],
    [left, 'left'],
  ] as const) {
    try {
      await call;
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, message);
    }
  }
  await tick();
  assert.equal(begun, ['stays']);
  await end();
});

test.run();
