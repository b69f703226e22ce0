import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { StoreFullError } from '../../../src/storage/errors.js';
import { rejects } from '../conformance/rejects.js';
import { at, things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const test = suite('full store [embedded]');
const MAX_BYTES = 512 * 1024;

test('a full store refuses writes, serves reads, stays whole and goes on when there is room', () =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    const store = createEmbeddedStore({ path, maxBytes: MAX_BYTES });
    await store.open([things]);
    const note = 'x'.repeat(10_000);
    let count = 0;
    const fill = async () => {
      for (;;) await store.insert(things, at('t', `d${count}`), { claims: [`c${count++}`], note });
    };
    await rejects(fill(), StoreFullError);
    assert.ok(count > 20);
    assert.is(await store.count(things, { tenant: 't' }), count - 1);
    assert.is((await store.get(things, at('t', 'd0')))?.body.note, note);
    assert.is(await store.getByClaim(things, 't', `c${count - 1}`), undefined);
    await store.ping();
    await rejects(store.insert(things, at('t', 'more'), { note }), StoreFullError);
    const reopened = createEmbeddedStore({ path, maxBytes: MAX_BYTES });
    await reopened.open([things]);
    assert.is((await reopened.get(things, at('t', 'd0')))?.body.note, note);
    await reopened.close();
    for (let i = 0; i < 5; i++) assert.is(await store.remove(things, at('t', `d${i}`)), true);
    await store.insert(things, at('t', 'more'), { note });
    await store.close();
    assert.ok((await stat(path)).size <= MAX_BYTES);
    const database = new Database(path, {});
    const [row] = await (await database.prepare('PRAGMA integrity_check')).all();
    assert.is(row.integrity_check, 'ok');
    database.close();
  }));

test('a write that does not fit does not take with it those that were sent together with it', () =>
  inTempFolder(async (folder) => {
    const store = createEmbeddedStore({ path: join(folder, 'facet.db'), maxBytes: MAX_BYTES });
    await store.open([things]);
    const sizes = [10, 10, 1_000_000, 10, 2_000_000, 10];
    const results = await Promise.allSettled(
      sizes.map((size, i) =>
        store.insert(things, at('t', `d${i}`), { claims: [`c${i}`], note: 'x'.repeat(size) }),
      ),
    );
    const ends = results.map((result) => (result.status === 'fulfilled' ? 'made' : result.reason.name));
    assert.equal(ends, ['made', 'made', 'StoreFullError', 'made', 'StoreFullError', 'made']);
    assert.is(await store.count(things, { tenant: 't' }), 4);
    await store.close();
  }));

test.run();
