import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionView } from '../../src/domain/linkedin/session-view.js';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { EVERY_TENANT, type Store } from '../../src/storage/store.js';
import { forEachStore } from '../support/stores.js';
import {
  addIdentity,
  type Bench,
  COLLECTIONS,
  createBench,
  dump,
  markDeleted,
  type Owner,
  until,
  untilState,
} from './bench.js';

const PASSWORD = 'plänted-Passw0rd-7c1f';
const USER = 'planted-user-55aa';
const WRONG = 'planted-code-9b3e';
const PLANTED = [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), USER, WRONG];
const ENCODED = PLANTED.flatMap((text) => [
  text,
  Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(text).toString('hex'),
  encodeURIComponent(text),
]);

function assertClean(where: string, text: string): void {
  for (const secret of ENCODED) assert.not.ok(text.includes(secret), `${secret} in ${where}`);
}

async function begin(bench: Bench, owner: Owner, scenario: string): Promise<SessionView> {
  return bench.service.startLogin(owner, { username: `${scenario}+${USER}@example.com`, password: PASSWORD });
}

async function sealedOf(store: Store, sessionId: string): Promise<number> {
  const all = await store.find(sealedSecrets, { tenant: EVERY_TENANT, limit: 1_000 });
  return all.filter(({ body }) => body.sessionId === sessionId).length;
}

/** Every way in which a login can end. */
const ENDS: Record<string, (bench: Bench, owner: Owner, store: Store) => Promise<string>> = {
  async connected(bench, owner) {
    const { id } = await begin(bench, owner, '2fa');
    await untilState(bench, owner, id, 'verification_required');
    await bench.service.submitCode(owner, id, WRONG);
    await bench.service.submitCode(owner, id, '123456');
    return id;
  },
  async failed(bench, owner) {
    const { id } = await begin(bench, owner, 'badpass');
    await untilState(bench, owner, id);
    return id;
  },
  async 'failed by wrong codes'(bench, owner) {
    const { id } = await begin(bench, owner, '2fa');
    await untilState(bench, owner, id, 'verification_required');
    for (let time = 0; time < 5; time++) await bench.service.submitCode(owner, id, WRONG);
    return id;
  },
  async cancelled(bench, owner) {
    const { id } = await begin(bench, owner, 'slow');
    await bench.service.cancel(owner, id);
    return id;
  },
  async deleted(bench, owner, store) {
    const { id } = await begin(bench, owner, '2fa');
    await markDeleted(store, owner);
    await bench.service.identityDeleted(owner.tenant, owner.identityId);
    return id;
  },
};

forEachStore('planted secrets', COLLECTIONS, (test, ctx) => {
  for (const [end, play] of Object.entries(ENDS)) {
    test(`nothing planted is left or was ever shown when a login is ${end}`, async () => {
      const bench = createBench(ctx.store);
      const owner = await addIdentity(ctx.store);
      const id = await play(bench, owner, ctx.store);
      await until('settled', async () => {
        const found = await ctx.store.get(linkedinSessions, { tenant: owner.tenant, id });
        return found?.body.settlement === 'done';
      });
      assert.is(await sealedOf(ctx.store, id), 0);
      assertClean('the store', await dump(ctx.store));
      await bench.service.close();
      assertClean('the log', bench.logged());
    });
  }

  test('while a login is open its secrets are sealed, and watchers are told none', async () => {
    const bench = createBench(ctx.store);
    const owner = await addIdentity(ctx.store);
    const { id } = await begin(bench, owner, 'chained');
    assertClean('the store', await dump(ctx.store));
    const told: string[] = [];
    const watching = (async () => {
      for await (const update of bench.service.watch(owner, id, 0)) told.push(JSON.stringify(update));
    })();
    await untilState(bench, owner, id, 'verification_required');
    // The password goes once LinkedIn has answered, right behind the change of state.
    await until('the password is gone', async () => (await sealedOf(ctx.store, id)) === 0);
    await bench.service.submitCode(owner, id, WRONG);
    await until('the code is gone', async () => (await sealedOf(ctx.store, id)) === 0);
    assertClean('the store', await dump(ctx.store));
    await bench.service.submitCode(owner, id, '123456');
    await bench.service.submitCode(owner, id, '123456');
    await watching;
    assert.ok(told.length >= 8);
    for (const text of told) assert.not.match(text, /planted|simulated\.|fingerprint|secret/);
    await bench.service.close();
  });

  test('a refused login says nothing of what it was given', async () => {
    const bench = createBench(ctx.store, { connector: 'worker' });
    const owner = await addIdentity(ctx.store);
    await begin(bench, owner, 'ok');
    const other = { username: USER, password: `${PASSWORD}!` };
    const error = await bench.service.startLogin(owner, other).catch((thrown: unknown) => thrown);
    assertClean('the error', `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`);
    await bench.service.close();
    assertClean('the log', bench.logged());
  });
});

const files = suite('planted secrets in the embedded files');

files('no byte of what was planted reaches the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-planted-'));
  const store = createEmbeddedStore({ path: join(folder, 'facet.db') });
  await store.open(COLLECTIONS);
  const bench = createBench(store);
  for (const play of Object.values(ENDS)) await play(bench, await addIdentity(store), store);
  await bench.service.close();
  for (const name of await readdir(folder)) assertClean(name, await readFile(join(folder, name), 'latin1'));
  await store.close();
  for (const name of await readdir(folder)) assertClean(name, await readFile(join(folder, name), 'latin1'));
  await rm(folder, { recursive: true });
});

files.run();
