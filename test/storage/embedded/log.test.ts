import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { StoreCorruptError } from '../../../src/storage/errors.js';
import { seededRandom } from '../../support/seeded-random.js';
import { rejects } from '../conformance/rejects.js';
import { at, things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const log = suite('the write-ahead log [embedded]');
const DOCUMENTS = 40;
const DAMAGES = 25;
/** Of the log's head, of each frame's head, and of the page in it. */
const [HEAD, FRAME, PAGE] = [32, 24, 4096];
const seed = Number(process.env.FACET_TEST_SEED ?? Date.now() % 100_000);
const random = seededRandom(seed);
console.log(`# FACET_TEST_SEED=${seed}`);

/** What a kill would leave of a store: copies of it, and the size of its log after each document. */
async function killedStore(folder: string) {
  const path = join(folder, 'written.db');
  const store = createEmbeddedStore({ path });
  await store.open([things]);
  const sizes: number[] = [];
  for (let n = 0; n < DOCUMENTS; n++) {
    await store.insert(things, at('t', `d${n}`), { claims: [`c${n}`], note: `${n}`.repeat(500) });
    sizes.push((await stat(`${path}-wal`)).size);
  }
  const file = await readFile(path);
  const log = await readFile(`${path}-wal`);
  await store.close();
  let copies = 0;
  return {
    sizes,
    /** The path of another copy: SQLite may still know a file that it had open before. */
    async copy(damage: (log: Buffer) => Buffer = (whole) => whole) {
      const copied = join(folder, `left-${copies++}.db`);
      await writeFile(copied, file);
      await writeFile(`${copied}-wal`, damage(Buffer.from(log)));
      return copied;
    },
  };
}

function turnBit(log: Buffer, place: number): Buffer {
  log[place]! ^= 1 << Math.floor(random() * 8);
  return log;
}

/** The numbers of the documents that are there; each must be whole. */
async function found(path: string): Promise<number[]> {
  const store = createEmbeddedStore({ path });
  try {
    await store.open([things]);
    const documents = await store.find(things, { tenant: 't', limit: 2 * DOCUMENTS });
    for (const { id, body } of documents) {
      const n = id.slice(1);
      assert.equal(body, { claims: [`c${n}`], note: n.repeat(500) });
      assert.is((await store.getByClaim(things, 't', `c${n}`))?.id, id);
    }
    assert.equal((await store.inspect([things])).damage, []);
    return documents.map(({ id }) => Number(id.slice(1))).sort((a, b) => a - b);
  } finally {
    await store.close();
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

log('that is cut anywhere has all that was written before the cut, and nothing half', () =>
  inTempFolder(async (folder) => {
    const { copy, sizes } = await killedStore(folder);
    for (let n = 0; n < DAMAGES; n++) {
      const end = HEAD + 1 + Math.floor(random() * (sizes.at(-1)! - HEAD - 1));
      const path = await copy((whole) => whole.subarray(0, end));
      const written = sizes.filter((size) => size <= end).length;
      assert.equal(await found(path), upTo(written), `seed ${seed}: cut to ${end}`);
    }
  }),
);

log('in which a bit has turned has all that was written before it, and nothing that is wrong', () =>
  inTempFolder(async (folder) => {
    const { copy, sizes } = await killedStore(folder);
    for (let n = 0; n < DAMAGES; n++) {
      const place = HEAD + Math.floor(random() * (sizes.at(-1)! - HEAD));
      const path = await copy((whole) => turnBit(whole, place));
      const frame = HEAD + Math.floor((place - HEAD) / (FRAME + PAGE)) * (FRAME + PAGE);
      const written = sizes.filter((size) => size <= frame).length;
      assert.equal(await found(path), upTo(written), `seed ${seed}: a bit at ${place}`);
    }
  }),
);

log('whose head is damaged is refused, not passed over', () =>
  inTempFolder(async (folder) => {
    const { copy } = await killedStore(folder);
    for (let place = 0; place < HEAD; place++) {
      const path = await copy((whole) => turnBit(whole, place));
      assert.match((await refusal(path)).message, /-wal is damaged/);
    }
  }),
);

log('is read whatever the index beside it says', () =>
  inTempFolder(async (folder) => {
    const { copy } = await killedStore(folder);
    assert.equal(await found(await copy()), upTo(DOCUMENTS));
    const path = await copy();
    await writeFile(`${path}-shm`, Buffer.alloc(32_768, 0xa5));
    assert.equal(await found(path), upTo(DOCUMENTS));
  }),
);

for (const page of [PAGE, 1024]) {
  log(`of another program's database, in pages of ${page}, is refused`, () =>
    inTempFolder(async (folder) => {
      const { copy } = await killedStore(folder);
      const foreign = join(folder, 'foreign.db');
      const theirs = new Database(foreign, {});
      await theirs.exec(`PRAGMA page_size = ${page}; PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)`);
      const itsLog = await readFile(`${foreign}-wal`);
      theirs.close();
      const path = await copy(() => itsLog);
      const before = await readFile(path);
      await refusal(path);
      assert.ok(before.equals(await readFile(path)), 'nothing of it goes into the file');
    }),
  );
}

async function refusal(path: string): Promise<Error> {
  const store = createEmbeddedStore({ path });
  const error = await rejects(store.open([things]), StoreCorruptError);
  await store.close();
  return error;
}

log.run();
