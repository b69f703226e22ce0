// Runs the tests and sums up: `npm test` all but test/hard, `npm run test:hard` those alone. --help says what is taken.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root } from './install.mjs';
import { createRecord, judge } from './testing/coverage.mjs';
import { runFiles } from './testing/run-files.mjs';
import { jobsOf, nameOf, testFiles } from './testing/test-files.mjs';

const HELP = `npm test -- [options] [part of a path …]
npm run test:hard -- [part of a path …]

Runs the test files whose path below test/ has one of the parts in it, or all of them: for npm test those outside of
test/hard, for npm run test:hard those inside.

  --hard       what npm run test:hard gives
  --coverage   also measures what of src/ and gateway/ was run; too little is a failure
  --help       this text

From the environment:
  MONGODB_URI                            MongoDB, or what speaks its protocol; without it the embedded store alone is
                                         tested. Suites make databases of their own and remove them
  MONGODB_STREAMS_URI                    a MongoDB with change streams, for the suites of those
  MONGODB_ENGINE                         a program with "up" (starts a database, prints its URI last) and "crash", for
                                         hard/engine-killed; that database must be nobody else's meanwhile
  FACET_REQUIRE_STORES=embedded,mongo    it is a failure when no suite ran on one of them
  FACET_TEST_SEED, FACET_SEED, CHAOS_SEED
                                         repeat what a suite of random cases did when it printed that seed

  npm test -- profiles gateway/json
  CHAOS_SEED=7 npm run test:hard -- chaos`;

const { values: options, positionals: wanted } = readArguments();
if (options.help) {
  console.log(HELP);
  process.exit();
}
const { hard } = options;
const timeoutMs = hard ? 600_000 : 240_000;
const required = (process.env.FACET_REQUIRE_STORES ?? '').split(',').filter((name) => name !== '');

/** The two halves do not differ by the store, so that one is enough. */
const APART = { FACET_TEST_TRANSPORT: 'wire', MONGODB_URI: undefined, FACET_REQUIRE_STORES: undefined };

await build();
const files = testFiles()
  .filter((file) => nameOf(file).startsWith('hard/') === hard)
  .filter(
    (file) =>
      wanted.length === 0 ||
      wanted.some((part) => `test/${nameOf(file)}`.includes(part.replace(/\.ts$/, ''))),
  );
const queue = jobsOf(files, { oneEach: hard });
const record = options.coverage ? createRecord() : undefined;
const totals = { passed: 0, failed: 0, skipped: 0 };
const stores = { embedded: 0, mongo: 0 };

async function worker(queue) {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { files, way, byItself } = job;
    const env = { ...process.env, ...(way && APART), ...(!byItself && record?.env) };
    await runFiles(files, { env, timeoutMs }, (result) => count(result, way));
  }
}

/** Adds what a file printed to the totals, and shows it where it failed. */
function count({ file, passed: well, output, seconds }, way) {
  const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map((word) => figure(output, word));
  const failed = Math.max(total - passed - skipped, well ? 0 : 1);
  totals.passed += passed;
  totals.skipped += skipped;
  totals.failed += failed;
  // Suites say in brackets behind their name which store they ran on.
  for (const [, store, ran] of output.matchAll(/\[(embedded|mongo)\][^[]*?\((\d+) \/ \d+\)/g))
    stores[store] += Number(ran);
  const name = `${nameOf(file)}${way ? ` (${way})` : ''}`;
  console.log(`${failed ? 'FAIL' : 'ok  '} ${name}  ${passed}/${total}  ${seconds.toFixed(1)} s`);
  if (failed) console.log(output);
  // Figures that a suite gives, after a #.
  else for (const [line] of output.matchAll(/(?<=^|\s)# .*$/gm)) console.log(line);
}

function fail(text) {
  console.log(`FAIL ${text}`);
  totals.failed += 1;
}

const workers = (count, jobs) => Promise.all(Array.from({ length: count }, () => worker(jobs)));
// What takes long measures times or needs the whole machine, but for those that say otherwise.
if (hard) {
  await workers(
    2,
    queue.filter(({ beside }) => beside),
  );
  await workers(
    1,
    queue.filter(({ beside }) => !beside),
  );
} else {
  await workers(
    availableParallelism(),
    queue.filter(({ byItself }) => !byItself),
  );
  await workers(
    1,
    queue.filter(({ byItself }) => byItself),
  );
}

if (files.length === 0) fail('no test file was found');
for (const store of required) {
  if (wanted.length === 0 && !(stores[store] > 0)) fail(`no suite ran on the store ${store}`);
}
if (record !== undefined) {
  for (const { text, missed, unrun } of judge(await record.read(root))) {
    // A part of the tests runs a part of the code.
    if (missed === '' || wanted.length > 0) console.log(`# coverage of ${text}`);
    else fail(`coverage of ${text}; ${missed}. Not run:\n  ${unrun.join('\n  ')}`);
  }
  record.remove();
}
const absent = stores.mongo === 0 ? ' (not run: set MONGODB_URI)' : '';
console.log(`\nstores: embedded ${stores.embedded}, mongo ${stores.mongo}${absent}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

function readArguments() {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { hard: flag, coverage: flag, help: flag }, allowPositionals: true });
  } catch (error) {
    console.error(`${error.message}; npm test -- --help says what can be given`);
    process.exit(2);
  }
}

function figure(output, word) {
  return Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
}
