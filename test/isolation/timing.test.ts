// In a process of its own: it compares short times.
import { uuidv7 } from 'uuidv7';
import * as assert from 'uvu/assert';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { CreateIdentityRequest, GetIdentityRequest } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';

const EACH = 2000;

forEachApp('timing', {}, (test, context) => {
  test("another tenant's id takes as long to refuse as one that does not exist", async () => {
    const { app } = context();
    const call = async (method: string, key: string, request: Uint8Array) =>
      app.app.pipeline.unary(
        {
          path: `/facet.v1.IdentityService/${method}`,
          metadata: [['authorization', `Bearer ${key}`]],
          deadline: undefined,
          signal: new AbortController().signal,
        },
        request,
      );
    const [owner, stranger] = [await app.key('owner'), await app.key('stranger')];
    const identity = { ...Identity.decode(new Uint8Array()), givenName: 'x' };
    const request = CreateIdentityRequest.encode({ identity, requestId: '' }).finish();
    const made = await Promise.all(Array.from({ length: 50 }, () => call('CreateIdentity', owner, request)));
    const foreign = made.map(({ message }) => Identity.decode(message!).id);

    const times: Record<'foreign' | 'absent', number[]> = { foreign: [], absent: [] };
    for (let at = 0; at < 2 * EACH + 400; at++) {
      const kind = at % 2 === 0 ? 'foreign' : 'absent';
      const id = kind === 'foreign' ? foreign[(at / 2) % foreign.length]! : uuidv7();
      const started = performance.now();
      const { status } = await call('GetIdentity', stranger, GetIdentityRequest.encode({ id }).finish());
      // The first ones are compiled on the way.
      if (at >= 400) times[kind].push(performance.now() - started);
      assert.is(status.code, 5);
    }
    const [one, other] = [median(times.foreign), median(times.absent)];
    assert.ok(Math.abs(one - other) / other <= 0.1, `${one} ms and ${other} ms`);
  });
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
