import { appendFile, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { StoreCorruptError, StoreUnavailableError } from '../../../src/storage/errors.js';
import { insertAll } from '../conformance/insert-all.js';
import { rejects } from '../conformance/rejects.js';
import { things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const test = suite('store file [embedded]');
const PAGE = 4096;

/** A closed file with a thousand documents. */
async function filledFile(folder: string): Promise<string> {
  const path = join(folder, 'facet.db');
  const store = createEmbeddedStore({ path });
  await store.open([things]);
  await insertAll(store, 't', 1_000, (i) => ({
    id: `d${i}`,
    body: { name: `name ${i}`, note: 'x'.repeat(300) },
  }));
  await store.close();
  return path;
}

/** The error that opening the file ends with; the file must be as it was. */
async function refusal<E extends Error>(
  path: string,
  kind: abstract new (...args: never[]) => E,
): Promise<E> {
  const before = await readFile(path);
  const store = createEmbeddedStore({ path });
  const error = await rejects(store.open([things]), kind);
  await store.close();
  assert.ok(before.equals(await readFile(path)), 'a refused file is not touched');
  return error;
}

test('the file and its folder are made, for their owner alone', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'a', 'b', 'facet.db');
    const store = createEmbeddedStore({ path });
    await store.open([things]);
    assert.is((await stat(path)).mode & 0o777, 0o600);
    await store.close();
    const left = (await readdir(join(folder, 'a', 'b'))).filter((name) => !/-(wal|shm)$/.test(name));
    assert.equal(left, ['facet.db']);
  }));

test('the file says whose it is and which layout it has', () =>
  inTempFolder(async (folder) => {
    const header = await readFile(await filledFile(folder));
    assert.is(header.toString('latin1', 68, 72), 'FACT');
    assert.is(header.readUInt32BE(60), 1);
  }));

test('many that make the file at once make one', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    const stores = Array.from({ length: 8 }, () => createEmbeddedStore({ path }));
    await Promise.all(stores.map((store) => store.open([things])));
    await Promise.all(stores.map((store, i) => store.insert(things, { tenant: 't', id: `d${i}` }, {})));
    assert.is(await stores[0]?.count(things, { tenant: 't' }), 8);
    await Promise.all(stores.map((store) => store.close()));
  }));

test('text, an empty file and the database of another program are refused', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    await writeFile(path, 'not a database\n'.repeat(100));
    assert.match((await refusal(path, StoreCorruptError)).message, 'not a Facet store');
    await writeFile(path, '');
    assert.match((await refusal(path, StoreCorruptError)).message, 'is empty');
    await writeFile(path, 'SQLite format 3\0');
    await refusal(path, StoreCorruptError);
    await rm(path);
    const foreign = new Database(path, {});
    await foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    assert.match((await refusal(path, StoreCorruptError)).message, 'not a Facet store');
  }));

test('a file of a later layout is refused', () =>
  inTempFolder(async (folder) => {
    const path = await filledFile(folder);
    const file = await open(path, 'r+');
    await file.write(Buffer.from([0, 0, 0, 9]), 0, 4, 60);
    await file.close();
    assert.match((await refusal(path, StoreCorruptError)).message, 'layout 9');
  }));

test('a file that was cut short is refused', () =>
  inTempFolder(async (folder) => {
    const path = await filledFile(folder);
    await truncate(path, (await stat(path)).size - PAGE);
    assert.match((await refusal(path, StoreCorruptError)).message, 'cut short');
  }));

test('a file that another process is just making whole is waited for', () =>
  inTempFolder(async (folder) => {
    const path = await filledFile(folder);
    const whole = await readFile(path);
    await truncate(path, whole.length - PAGE);
    const store = createEmbeddedStore({ path });
    const opened = store.open([things]);
    // As a process that ends does, which moves its log into the file.
    await sleep(30);
    await appendFile(path, whole.subarray(-PAGE));
    await opened;
    assert.is(await store.count(things, { tenant: 't' }), 1_000);
    await store.close();
  }));

test('a log without its file is refused, not taken for a new store', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    await writeFile(`${path}-wal`, 'what was written last');
    const store = createEmbeddedStore({ path });
    assert.match((await rejects(store.open([things]), StoreCorruptError)).message, 'is missing');
    await store.close();
    assert.equal(await readdir(folder), ['facet.db-wal']);
  }));

test('a damaged page is an error, never an empty answer', () =>
  inTempFolder(async (folder) => {
    const path = await filledFile(folder);
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    for (let at = 2 * PAGE; at < size; at += PAGE) await file.write(Buffer.alloc(PAGE, 0xa5), 0, PAGE, at);
    await file.close();
    const store = createEmbeddedStore({ path });
    const error = await rejects(
      (async () => {
        await store.open([things]);
        await store.find(things, { tenant: 't', limit: 10 });
      })(),
      StoreCorruptError,
    );
    assert.match(error.message, 'damaged');
    await store.close();
  }));

test('a folder in the place of the file, or a file in the place of the folder, cannot be used', () =>
  inTempFolder(async (folder) => {
    await mkdir(join(folder, 'facet.db'));
    await rejects(
      createEmbeddedStore({ path: join(folder, 'facet.db') }).open([things]),
      StoreUnavailableError,
    );
    await writeFile(join(folder, 'file'), '');
    await rejects(
      createEmbeddedStore({ path: join(folder, 'file', 'facet.db') }).open([things]),
      StoreUnavailableError,
    );
  }));

test('what was removed cannot be read in the file', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    const store = createEmbeddedStore({ path });
    await store.open([things]);
    const canary = 'canary-5b1f';
    const first = await store.insert(
      things,
      { tenant: 't', id: 'a' },
      { claims: ['c'], note: canary.repeat(300) },
    );
    const second = await store.insert(things, { tenant: 't', id: 'b' }, { claims: ['d'], note: canary });
    await store.replace(things, second, { claims: ['d'], note: 'gone' });
    await store.remove(things, first);
    await store.close();
    assert.not.ok((await readFile(path)).includes(canary));
  }));

test.run();
