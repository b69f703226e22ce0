import * as assert from 'uvu/assert';
import type { Reason } from '../../src/domain/errors.js';

/** Expects the work to fail with this reason. */
export async function refusedFor(work: Promise<unknown>, reason: Reason): Promise<void> {
  const thrown = await work.then(
    () => undefined,
    (error: { reason?: string }) => error,
  );
  assert.is(thrown?.reason ?? thrown, reason);
}
