import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Key } from '../../src/storage/store.js';
import { createWatches } from '../../src/storage/watches.js';
import { at, things } from './conformance/things.js';

const watches = suite('watching by looks');
const INTERVAL_MS = 50;

watches('a thousand keys are one look an interval, and none is taken while nobody watches', async () => {
  const looks: (readonly Key[])[] = [];
  const { watch, close } = createWatches(async (_collection, keys) => {
    looks.push(keys);
    return [];
  });
  await sleep(2 * INTERVAL_MS);
  assert.is(looks.length, 0);
  const keys = Array.from({ length: 1000 }, (_, i) => at('t', `${i}`));
  const told = new Set<string>();
  watch(things, { keys: () => keys, intervalMs: () => INTERVAL_MS }, ({ id }) => told.add(id));
  await sleep(10 * INTERVAL_MS);
  close();
  assert.ok(looks.length >= 2 && looks.length <= 11, `${looks.length} looks`);
  assert.ok(looks.every(({ length }) => length === 1000));
  assert.is(told.size, 1000);
  await sleep(2 * INTERVAL_MS);
  assert.ok(looks.length <= 11, 'none after the close');
});

watches.run();
