import * as assert from 'uvu/assert';
import { isFinal } from '../../src/domain/linkedin/session.js';
import type { LoginUpdate } from '../../src/services/linkedin/linkedin-service.js';

/** What a watch tells, to its end, but for heartbeats. */
export async function all(updates: AsyncIterable<LoginUpdate>): Promise<LoginUpdate[]> {
  const seen: LoginUpdate[] = [];
  for await (const update of updates) if (update.type !== 'heartbeat') seen.push(update);
  return seen;
}

/** Every event from that number on, once, in order, and one end. */
export function assertWhole(updates: readonly LoginUpdate[], from: number): void {
  const numbers = updates.map(({ sequence }) => sequence);
  assert.equal(
    numbers,
    [...numbers.keys()].map((index) => from + index),
  );
  assert.is(updates.filter(({ session }) => isFinal(session!)).length, 1);
  assert.ok(isFinal(updates.at(-1)!.session!));
}
