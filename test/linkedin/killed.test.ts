import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linkedinSessions } from '../../src/services/linkedin/collection.js';
import { sealedSecrets } from '../../src/services/secrets/collection.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { EVERY_TENANT } from '../../src/storage/store.js';
import { COLLECTIONS, createBench, identityOf, type Owner, SEALING_KEY, until, untilState } from './bench.js';
import type { LoginOrder } from './login-process.js';

const PASSWORD = 'planted-Passw0rd-41d0';
const test = suite('a process killed in the middle of logins');

/** Starts a login in a process of its own and kills it after that many milliseconds. */
async function killedAfter(
  ms: number,
  order: Omit<LoginOrder, 'key' | 'password'>,
): Promise<{ owner: Owner; id: string }> {
  const child = fork(new URL('./login-process.js', import.meta.url));
  child.send({ ...order, key: SEALING_KEY.toString('hex'), password: PASSWORD });
  const [begun] = (await once(child, 'message')) as [{ owner: Owner; id: string }];
  await sleep(ms);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  return begun;
}

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-killed-'));
  try {
    await work(join(folder, 'facet.db'));
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name), 'latin1');
      assert.not.ok(bytes.includes(PASSWORD), name);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const [ms, when] of [
  [0, 'as soon as a login is answered'],
  [150, 'while LinkedIn is asked'],
] as const) {
  test(`killed ${when}, the next one connects it`, () =>
    inFolder(async (path) => {
      const { owner, id } = await killedAfter(ms, { path, ownerId: 'me', username: 'ok' });
      const store = createEmbeddedStore({ path });
      await store.open(COLLECTIONS);
      const bench = createBench(store, { ownerId: 'me' });
      bench.service.start();
      assert.is((await untilState(bench, owner, id)).state, 'connected');
      assert.is((await identityOf(store, owner)).linkedin.status, 'connected');
      assert.is((await store.find(sealedSecrets, { tenant: EVERY_TENANT, limit: 10 })).length, 0);
      await bench.service.close();
      await store.close();
    }));
}

test('killed while an approval is waited for, the next one sees it', () =>
  inFolder(async (path) => {
    const { owner, id } = await killedAfter(700, { path, ownerId: 'me', username: 'inapp' });
    const store = createEmbeddedStore({ path });
    await store.open(COLLECTIONS);
    const found = await store.get(linkedinSessions, { tenant: owner.tenant, id });
    assert.is(found?.body.state, 'verification_required');
    const bench = createBench(store, { ownerId: 'me' });
    bench.service.start();
    assert.is((await untilState(bench, owner, id)).state, 'connected');
    await bench.service.close();
    await store.close();
  }));

test('killed at any moment, a login ends and leaves no secret', () =>
  inFolder(async (path) => {
    const begun: { owner: Owner; id: string }[] = [];
    for (const ms of [5, 310, 330, 350]) {
      begun.push(await killedAfter(ms, { path, ownerId: 'me', username: '2fa', code: '123456' }));
    }
    const store = createEmbeddedStore({ path });
    await store.open(COLLECTIONS);
    const bench = createBench(store, { ownerId: 'me' });
    bench.service.start();
    for (const { owner, id } of begun) {
      const session = await untilState(bench, owner, id, 'verification_required', 'connected', 'failed');
      if (session.state === 'failed') {
        // Each process after its own took it up and was killed with it: three attempts are all that it gets.
        assert.is(session.error?.code, 'worker_lost');
        continue;
      }
      if (session.state === 'verification_required') await bench.service.submitCode(owner, id, '123456');
      assert.is((await bench.service.getSession(owner, id)).state, 'connected');
      assert.is((await bench.service.getConnection(owner)).connection.status, 'connected');
    }
    await until('no secret is left', async () => {
      const left = await store.find(sealedSecrets, { tenant: EVERY_TENANT, limit: 10 });
      return left.length === 0;
    });
    await bench.service.close();
    await store.close();
  }));

test.run();
