import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { at, things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const test = suite('several processes [embedded]');
const WRITER = new URL('./writing-process.js', import.meta.url).pathname;

/** A process that writes, and the numbers of the documents that it was told are written. */
function startWriter(path: string, name: string, count: number) {
  const child: ChildProcess = spawn(process.execPath, [WRITER, path, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  // What follows the last line break may be cut off by the kill.
  const acknowledged = () =>
    output
      .slice(0, output.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean);
  return { child, ended, acknowledged };
}

async function newFile(folder: string): Promise<string> {
  const path = join(folder, 'facet.db');
  const store = createEmbeddedStore({ path });
  await store.open([things]);
  await store.insert(things, at('t', 'shared'), { claims: ['shared'], rank: 0 });
  await store.close();
  return path;
}

test('three processes write to one file, and every write is there', () =>
  inTempFolder(async (folder) => {
    const path = await newFile(folder);
    const writers = ['a', 'b', 'c'].map((name) => startWriter(path, name, 100));
    assert.equal(await Promise.all(writers.map(({ ended }) => ended)), [0, 0, 0]);
    const store = createEmbeddedStore({ path });
    await store.open([things]);
    assert.is(await store.count(things, { tenant: 't' }), 301);
    assert.equal(
      [
        (await store.get(things, at('t', 'shared')))?.body.rank,
        (await store.get(things, at('t', 'shared')))?.revision,
      ],
      [300, 301],
    );
    await store.close();
  }));

test('a process that is killed loses nothing that was acknowledged and leaves nothing half done', () =>
  inTempFolder(async (folder) => {
    const path = await newFile(folder);
    let total = 0;
    for (let kill = 0; kill < 4; kill++) {
      const name = `k${kill}`;
      const { child, ended, acknowledged } = startWriter(path, name, 100_000);
      while (acknowledged().length === 0) await sleep(10);
      await sleep(100 + kill * 70);
      child.kill('SIGKILL');
      await ended;
      const store = createEmbeddedStore({ path });
      const start = performance.now();
      await store.open([things]);
      assert.ok(performance.now() - start < 1_000);
      total += acknowledged().length;
      for (const n of acknowledged()) {
        const id = `${name}-${n}`;
        assert.is((await store.getByClaim(things, 't', `first ${id}`))?.id, id);
        assert.is((await store.getByClaim(things, 't', `second ${id}`))?.id, id);
      }
      assert.ok(((await store.get(things, at('t', 'shared')))?.body.rank ?? 0) >= total);
      await store.close();
    }
    assert.ok(total >= 100, `${total} acknowledged writes`);
    const database = new Database(path, {});
    const all = async (sql: string) => (await database.prepare(sql)).all();
    assert.equal((await all('PRAGMA integrity_check'))[0].integrity_check, 'ok');
    const [claims] = await all(
      `SELECT count(*) AS n, count(DISTINCT id) AS ids FROM claims WHERE claim <> 'shared'`,
    );
    const [documents] = await all(`SELECT count(*) AS n FROM docs_things WHERE id <> 'shared'`);
    const [tokens] = await all('SELECT count(*) AS n FROM tokens');
    assert.equal([claims.n, claims.ids, tokens.n], [2 * documents.n, documents.n, documents.n]);
    database.close();
  }));

test.run();
