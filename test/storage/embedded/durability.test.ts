import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { openForWriting, prepareFile } from '../../../src/storage/embedded/store-file.js';
import { at, things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const durability = suite('durability [embedded]');
/** PRAGMA synchronous: 2 is FULL, an fsync of the write-ahead log before a commit is answered. */
const FULL = 2;

durability('a commit is on the disk before it is acknowledged', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    await prepareFile(path);
    const connection = await openForWriting(path, undefined);
    const read = async (name: string) =>
      Object.values((await connection.all<object>(`PRAGMA ${name}`))[0]!)[0];
    assert.equal([await read('synchronous'), await read('journal_mode')], [FULL, 'wal']);
    connection.close();
  }),
);

durability('what is removed is overwritten in the file', () =>
  inTempFolder(async (folder) => {
    const store = createEmbeddedStore({ path: join(folder, 'facet.db') });
    await store.open([things]);
    const note = 'planted-'.repeat(20);
    await store.insert(things, at('t', 'a'), { note });
    await store.remove(things, at('t', 'a'));
    await store.close();
    for (const name of await readdir(folder)) {
      assert.not.ok((await readFile(join(folder, name), 'latin1')).includes('planted-planted-'), name);
    }
  }),
);

durability.run();
