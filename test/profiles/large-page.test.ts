import * as assert from 'uvu/assert';
import { newIdentity } from '../../src/domain/identity-change.js';
import { identities } from '../../src/services/identity/collection.js';
import { forEachApp } from '../support/for-each-app.js';

const RECORDS = 52;
/** So that all of them pass 24 MiB, though no view shows that. */
const VALUE = JSON.stringify('x'.repeat(500_000));

forEachApp('a page of profiles beyond 24 MiB of records', {}, (test, context) => {
  test('is refused as a whole, and a shorter one is answered', async () => {
    const { acme, app } = context();
    const origin = { contract: 'agents', request: null, now: new Date().toISOString() } as const;
    for (let n = 0; n < RECORDS; n++) {
      const key = { tenant: 'acme', id: `large-${n}` };
      const properties = [{ key: 'k', type: 'string', value: VALUE }] as const;
      await app.store.insert(identities, key, newIdentity(key, { agents: { properties } }, origin));
    }
    const path = '/api/profiles/v1/profiles';
    const whole = await acme('GET', path);
    assert.equal([whole.status, whole.body.code], [429, 429]);
    assert.match(whole.body.message, 'ask for less at once');
    const part = await acme('GET', `${path}?limit=20`);
    assert.equal([part.status, part.body.length], [200, 20]);
  });
});
