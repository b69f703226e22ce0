import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Caller } from './caller.js';

/** So that processes which come back find a machine with room for them. */
const PAUSE_MS = 30;

/** The last role that was acknowledged, by the id of the identity. */
export type Written = Map<string, string>;

/** Creates identities and changes each twice until it is over; every create is repeatable by its key. */
export async function writeUntil(caller: Caller, written: Written, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const body = { firstName: 'Chaos', lastName: 'Writer', role: 'new' };
    const made = await caller.call('POST', '/v1/identities', body, { 'idempotency-key': randomUUID() });
    assert.is(made.status, 201, JSON.stringify(made));
    const { id } = made.body.identity;
    assert.not.ok(written.has(id), 'one identity for two keys');
    written.set(id, 'new');
    for (const role of ['first', 'second']) {
      const changed = await caller.call('PUT', `/v1/identities/${id}`, { jobTitle: role });
      assert.is(changed.status, 200, JSON.stringify(changed));
      written.set(id, role);
      await sleep(PAUSE_MS);
    }
  }
}
