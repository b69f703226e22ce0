import * as assert from 'uvu/assert';
import { COLLECTIONS } from '../../src/collections.js';
import { authSessions } from '../../src/services/auth-session/collection.js';
import { identities } from '../../src/services/identity/collection.js';
import { createBench, markDeleted, until } from '../linkedin/bench.js';
import { startTestApp } from '../support/app.js';
import { forEachStore } from '../support/stores.js';
import { createSessionBench } from './bench.js';

forEachStore('auth sessions of deleted identities', COLLECTIONS, (test, context) => {
  test('a deletion that a crash cut off is finished at the next start', async () => {
    const bench = createSessionBench(context.store);
    const id = await bench.identity();
    const { token } = await bench.signIn(id);
    // What a process leaves that dies between the write that deletes and the clean-up.
    await markDeleted(context.store, bench.of(id));
    assert.not(await bench.active(token), 'before anything is cleaned up');
    const store = context.another();
    await store.open(COLLECTIONS);
    const app = await startTestApp(store);
    const { tenant } = bench;
    try {
      await until('the record is gone', async () => !(await context.store.get(identities, { tenant, id })));
      assert.is(await context.store.count(authSessions, { tenant }), 0);
    } finally {
      await app.close();
    }
  });

  test('what is left of a deleted identity stays until its sessions are gone', async () => {
    const bench = createSessionBench(context.store);
    const { tenant } = bench;
    const id = await bench.identity();
    await markDeleted(context.store, bench.of(id));
    let deaf = true;
    const forget = async () => {
      if (deaf) throw new Error('not now');
    };
    const { service } = createBench(context.store, { forget });
    const finish = () => service.identityDeleted(tenant, id).catch((error: Error) => error.message);
    assert.is(await finish(), 'not now');
    assert.is((await context.store.get(identities, { tenant, id }))?.body.kind, 'deleted');
    deaf = false;
    assert.is(await finish(), undefined);
    assert.is(await context.store.get(identities, { tenant, id }), undefined);
    await service.close();
  });
});
