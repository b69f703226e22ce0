import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { identities } from '../../src/services/identity/collection.js';
import { createEmbeddedStore } from '../../src/storage/embedded/embedded-store.js';
import { createMongoStore } from '../../src/storage/mongo/mongo-store.js';
import type { Store } from '../../src/storage/store.js';
import { positive } from '../positive.js';
import { table } from '../table.js';
import { loadInBulk, loadThrough } from './load.js';
import { type Effort, measurePage, type PageTimes } from './measure.js';
import { type PageQuery, pageQueries } from './queries.js';

const HELP = `The time of a page of 50 profiles by each order and filter, in a small tenant and in a large one.

  npm run bench lists -- [options]

  --small N         profiles in the small tenant (default 2000)
  --large N         profiles in the large one (default 200000)
  --rounds N        how often each store has its turn (default 5)
  --samples N       how often a page is asked for in a turn at most (default 100)
  --milliseconds N  and for how long at most (default 400)
  --only TEXT       only what has the text in its name, as "sort name"
  --embedded-only   leaves MongoDB out; without MONGODB_URI it is left out anyway
  --json FILE       writes the figures there too
`;
/** A page that can be reached by keyset may take this much longer in the large tenant. */
const FLAT = 1.5;
/** Below this, in milliseconds, a ratio is one of the clock. */
const NEGLIGIBLE_MS = 0.3;

interface Row {
  readonly query: PageQuery;
  readonly times: readonly PageTimes[];
}

/** Runs the benchmark; resolves to whether the embedded store's pages stayed flat. */
export async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'string', default: '2000' },
      large: { type: 'string', default: '200000' },
      rounds: { type: 'string', default: '5' },
      samples: { type: 'string', default: '100' },
      milliseconds: { type: 'string', default: '400' },
      only: { type: 'string', default: '' },
      'embedded-only': { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const sizes = [positive(values, 'small'), positive(values, 'large')];
  const effort = {
    rounds: positive(values, 'rounds'),
    samples: positive(values, 'samples'),
    milliseconds: positive(values, 'milliseconds'),
  };
  const queries = pageQueries().filter(({ name }) => name.includes(values.only));
  const embedded = await rowsOf(sizes, queries, effort, withEmbedded);
  report('embedded', sizes, embedded);
  const uri = values['embedded-only'] ? undefined : process.env.MONGODB_URI;
  const mongo = uri && (await rowsOf(sizes, queries, effort, withMongo(uri)));
  if (mongo) report('MongoDB wire', sizes, mongo);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ sizes, embedded, mongo }, undefined, 2)}\n`);
  const steep = embedded.filter((row) => row.query.from !== 'deep' && !row.query.isMixed && !isFlat(row));
  for (const { query } of steep) console.log(`not flat: ${query.name} (${query.from})`);
  return steep.length === 0;
}

type WithStore = <T>(size: number, work: (store: Store) => Promise<T>) => Promise<T>;

async function rowsOf(
  [small, large]: readonly number[],
  queries: readonly PageQuery[],
  effort: Effort,
  withStore: WithStore,
): Promise<Row[]> {
  return withStore(small!, (one) =>
    withStore(large!, async (other) => {
      const filled = [
        { store: one, size: small! },
        { store: other, size: large! },
      ];
      const rows: Row[] = [];
      for (const query of queries) rows.push({ query, times: await measurePage(filled, query, effort) });
      return rows;
    }),
  );
}

const withEmbedded: WithStore = async (size, work) => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  const store = createEmbeddedStore({ path: join(folder, 'facet.db') });
  try {
    await store.open([identities]);
    await loading(store, size, () => loadThrough(store, size));
    return await work(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const withMongo =
  (uri: string): WithStore =>
  async (size, work) => {
    const database = `facet_bench_${randomBytes(6).toString('hex')}`;
    const store = createMongoStore({ uri, database });
    const client = new MongoClient(uri);
    try {
      await store.open([identities]);
      // The first operation makes the indexes.
      await store.count(identities, { tenant: 'nobody' });
      await loading(store, size, () => loadInBulk(uri, database, size));
      return await work(store);
    } finally {
      await client.db(database).dropDatabase();
      await Promise.all([client.close(), store.close()]);
    }
  };

async function loading(store: Store, size: number, load: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await load();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${store.name}: ${size} profiles in ${seconds.toFixed(1)} s`);
}

/** By the median: other work on the machine reaches the slowest of a hundred first. */
function isFlat({ times: [small, large] }: Row): boolean {
  return large!.p50 / small!.p50 <= FLAT || large!.p50 <= NEGLIGIBLE_MS;
}

function report(store: string, sizes: readonly number[], rows: readonly Row[]): void {
  const words = { start: 'first', next: 'next', deep: 'offset' };
  const each = (word: string) => sizes.map((size) => `${word}, ${size}`);
  const head = [store, 'page', ...each('p50 ms'), 'ratio', ...each('p99 ms'), 'ratio', ...each('count ms')];
  const ms = (values: readonly number[]) => values.map((value) => value.toFixed(2));
  const ratio = ([small, large]: readonly number[]) => (large! / small!).toFixed(1);
  const cells = rows.map(({ query, times }) => {
    const [p50, p99, count] = (['p50', 'p99', 'count'] as const).map((name) =>
      times.map((each) => each[name]),
    );
    return [query.name, words[query.from], ...ms(p50!), ratio(p50!), ...ms(p99!), ratio(p99!), ...ms(count!)];
  });
  console.log(`\n${table(head, cells)}\n`);
}
