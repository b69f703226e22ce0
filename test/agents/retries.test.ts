import Letta from '@letta-ai/letta-client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClaimTakenError, StoreUnavailableError } from '../../src/storage/errors.js';
import type { Store } from '../../src/storage/store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { availableStores, type TestStore } from '../support/stores.js';
import { lettaFor } from './letta.js';

const retries = suite('what the client of agent platforms tries again');

const ada = { identifier_key: 'ada', name: 'Ada', identity_type: 'user' as const };

/** How the next writes of identities end, if not as they should. */
let failure: (() => Error) | undefined;
let made: TestStore;
let app: TestApp;

retries.before(async () => {
  made = await availableStores()[0]!.make();
  const failing: Store = {
    ...made.store,
    insert: async (collection, ...rest) => {
      if (failure !== undefined && collection.name === 'identities') throw failure();
      return made.store.insert(collection, ...rest);
    },
  };
  app = await startTestApp(failing);
});
retries.before.each(() => {
  failure = undefined;
});
retries.after(async () => {
  await app.close();
  await made.close();
});

/** What a call is answered in the end, and how many requests that took. */
async function ended(tenant: string, call: (client: Letta) => Promise<unknown>) {
  const { client, requests } = await lettaFor(app, tenant);
  const error = await call(client).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error: error as InstanceType<typeof Letta.APIError> | undefined, requests: requests() };
}

retries('a store that is away is 503 with Retry-After: the client tries again, and gets there', async () => {
  let fails = 1;
  failure = () => {
    if (--fails === 0) failure = undefined;
    return new StoreUnavailableError('away');
  };
  const { error, requests } = await ended('away', (client) => client.identities.create(ada));
  assert.equal([error, requests], [undefined, 2]);
});

retries('a store that stays away is told without a word of it', async () => {
  failure = () => new StoreUnavailableError('10.0.0.1:27017');
  const { error } = await ended('stays', (client) => client.identities.create(ada, { maxRetries: 0 }));
  assert.instance(error, Letta.InternalServerError);
  assert.equal([error?.status, error?.error], [503, { detail: 'The store cannot be reached.' }]);
  assert.match(error?.headers?.get('retry-after') ?? '', /^[1-9]\d*$/);
});

retries('an upsert that others keep defeating can be tried again: 503, not 409', async () => {
  failure = () => new ClaimTakenError('["agents_key",null,"ada"]', 'nobody');
  const { error } = await ended('defeated', (client) => client.identities.upsert(ada, { maxRetries: 0 }));
  assert.is(error?.status, 503);
  assert.is(error?.headers?.get('retry-after'), '1');
  assert.is(error?.headers?.get('x-should-retry'), null);
});

retries('a fault of ours is not tried again', async () => {
  failure = () => new TypeError('a fault');
  const { error, requests } = await ended('fault', (client) => client.identities.create(ada));
  assert.equal([error?.status, error?.error, requests], [500, { detail: 'Internal error.' }, 1]);
});

retries.run();
