import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ContentionError } from '../../src/storage/mutate.js';
import type { Store } from '../../src/storage/store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { restAs } from '../support/rest.js';
import { availableStores, type TestStore } from '../support/stores.js';

const contention = suite('contention [embedded]');
let made: TestStore;
let app: TestApp;

/** The store, but that every replacement loses against other writers until there is no time left. */
function contended(store: Store): Store {
  return { ...store, replace: () => Promise.reject(new ContentionError('other writers came first')) };
}

contention.before(async () => {
  made = await availableStores()
    .find(({ name }) => name === 'embedded')!
    .make();
  app = await startTestApp(contended(made.store));
});
contention.after(async () => {
  await app?.close();
  await made?.close();
});

for (const [contract, verb, path, body] of [
  ['outreach', 'PUT', '/v1/identities/ID', { firstName: 'Grace' }],
  ['profiles', 'PATCH', '/v1/profiles/ID', { firstName: 'Grace' }],
  ['agents', 'PATCH', '/v1/identities/identity-ID', { name: 'Grace' }],
] as const) {
  contention(`${contract}: a write that lost too often may be sent again`, async () => {
    const person = { firstName: 'Ada', lastName: 'Lovelace', role: 'CTO' };
    const acme = restAs(app.rest, await app.key('acme'));
    const made = await acme('POST', '/api/outreach/v1/identities', person);
    const { identity_id } = made.body.identity;
    const answer = await acme(verb, `/api/${contract}${path.replace('ID', identity_id)}`, body);
    assert.is(answer.status, 503);
    assert.not.equal(answer.headers.get('x-should-retry'), 'false');
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  });
}

contention.run();
