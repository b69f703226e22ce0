// Beside others: it measures no time.
import * as assert from 'uvu/assert';
import { identities } from '../../src/services/identity/collection.js';
import { runClaimsModel } from '../credential/claims-model.js';
import { forEachStore } from '../support/stores.js';

/** On each store: 10,000 with the two. */
const OPERATIONS = 5_000;

forEachStore('claims of credentials', [identities as never], (test, ctx) => {
  test(`after ${OPERATIONS} creates, imports and deletes at once no claim is orphaned or held twice`, async () => {
    const done = await runClaimsModel(ctx.store, OPERATIONS);
    assert.ok(done > OPERATIONS / 10, `only ${done} calls did something`);
  });
});
