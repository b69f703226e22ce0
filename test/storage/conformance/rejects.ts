import * as assert from 'uvu/assert';

/** Waits for the promise to fail with that kind of error, and answers it. */
export async function rejects<E extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, kind, `expected ${kind.name}, got ${error}`);
    return error as E;
  }
  assert.unreachable(`expected ${kind.name}`);
  throw new Error('unreachable');
}
