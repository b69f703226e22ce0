// In a process of its own: its stalls are its own.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { StoreUnavailableError } from '../../../src/storage/errors.js';
import type { Store } from '../../../src/storage/store.js';
import { watchStalls } from '../../support/watch-stalls.js';
import { rejects } from '../conformance/rejects.js';
import { at, things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const test = suite('locks held elsewhere [embedded]');

/** Runs while another connection holds the write lock, which `release` gives back. */
const withLock = (run: (store: Store, release: () => Promise<void>) => Promise<void>) =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    const store = createEmbeddedStore({ path });
    await store.open([things]);
    await store.insert(things, at('t', 'before'), {});
    const other = new Database(path, {});
    await other.exec('BEGIN IMMEDIATE');
    await run(store, () => other.exec('ROLLBACK'));
    other.close();
    await store.close();
  });

test('a write waits without stopping the event loop or reads, and is made when the lock is free', () =>
  withLock(async (store, release) => {
    const stalls = watchStalls();
    let isWritten = false;
    const write = store.insert(things, at('t', 'after'), {}).then(() => {
      isWritten = true;
    });
    for (let i = 0; i < 20; i++) {
      assert.ok(await store.get(things, at('t', 'before')));
      await sleep(15);
    }
    assert.is(isWritten, false);
    await release();
    await write;
    const longest = stalls();
    assert.ok(longest < 150, `the event loop stood still for ${longest} ms`);
    assert.ok(await store.get(things, at('t', 'after')));
  }));

test('a caller that gives up is answered at once, and its write is not made', () =>
  withLock(async (store, release) => {
    const caller = new AbortController();
    const write = store.insert(things, at('t', 'given up'), {}, { signal: caller.signal });
    await sleep(50);
    const reason = new RangeError('the caller left');
    const start = performance.now();
    caller.abort(reason);
    assert.is(await rejects(write, RangeError), reason);
    assert.ok(performance.now() - start < 50);
    await release();
    await store.insert(things, at('t', 'next'), {});
    assert.is(await store.get(things, at('t', 'given up')), undefined);
  }));

test('a lock that nobody gives back ends in unavailable', () =>
  withLock(async (store, release) => {
    const start = performance.now();
    await rejects(store.insert(things, at('t', 'after'), {}), StoreUnavailableError);
    assert.ok(performance.now() - start < 8_000);
    await release();
    await store.insert(things, at('t', 'after'), {});
  }));

test.run();
