import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COLLECTIONS } from '../../src/collections.js';
import { identities } from '../../src/services/identity/collection.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';

const large = suite('a large store [embedded]');
const RECORDS = 100_000;
const REOPENED_MS = 1000;

large(`${RECORDS} records, killed while writing, are open again within a second`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-large-'));
  const path = join(folder, 'facet.db');
  try {
    const writer = fork(new URL('./filling-process.js', import.meta.url), [path, `${RECORDS}`]);
    await once(writer, 'message');
    writer.kill('SIGKILL');
    await once(writer, 'close');
    const store = createEmbeddedStore({ path });
    const began = performance.now();
    await store.open(COLLECTIONS);
    await store.ping();
    const took = performance.now() - began;
    console.log(`# ${RECORDS} records were open again after ${Math.round(took)} ms`);
    assert.ok(took <= REOPENED_MS, `${took} ms`);
    assert.ok((await store.count(identities, { tenant: 'acme' })) >= RECORDS);
    await store.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

large.run();
