// Runs the tests, one process a file, and sums up. `node scripts/test.mjs [--hard] [part of a path …]`
// The stores: embedded always, MongoDB where MONGODB_URI is set. FACET_REQUIRE_STORES=embedded,mongo makes it
// a failure when a suite of one of them did not run. The contracts' suites run twice: with the gateway in the
// service's process, and apart from it over mTLS, on the embedded store.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { root } from './install.mjs';

const hard = process.argv.includes('--hard');
const FILE_TIMEOUT_MS = hard ? 600_000 : 240_000;
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const tests = join(root, 'dist/test');

/** Compiled test files whose sources are still there; those under hard/ only when asked for. */
function testFiles(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testFiles(path);
    const source = join(root, relative(join(root, 'dist'), path).replace(/\.js$/, '.ts'));
    return name.endsWith('.test.js') && existsSync(source) ? [path] : [];
  });
}

/** The suites of what callers see over REST. */
const { contracts } = JSON.parse(readFileSync(join(root, 'proto/contracts.json'), 'utf8'));
const OVER_REST = [...Object.keys(contracts), 'views'];

/** The two halves do not differ by the store, so that one is enough. */
const APART = { FACET_TEST_TRANSPORT: 'wire', MONGODB_URI: undefined, FACET_REQUIRE_STORES: undefined };

/** A file once, or twice where the gateway can stand apart. */
function waysOf(file) {
  const name = relative(tests, file);
  const overRest = OVER_REST.some((part) => name.startsWith(`${part}/`) || name.startsWith(`${part}.`));
  return overRest ? [{ file }, { file, way: 'apart' }] : [{ file }];
}

function run(file, way) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(way && APART) },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const timer = setTimeout(() => {
      output += `\nkilled after ${FILE_TIMEOUT_MS / 1000} s\n`;
      child.kill('SIGKILL');
    }, FILE_TIMEOUT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ file, code, output });
    });
  });
}

const figure = (output, word) => Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);

/** Tests that ran on a store: suites say which one in brackets behind their name. */
function perStore(output) {
  const counts = {};
  for (const [, store, ran] of output.matchAll(/\[(embedded|mongo)\][^[]*?\((\d+) \/ \d+\)/g)) {
    counts[store] = (counts[store] ?? 0) + Number(ran);
  }
  return counts;
}

await build();
const inHard = (file) => relative(tests, file).startsWith('hard');
const files = testFiles(tests)
  .filter((file) => inHard(file) === hard)
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const totals = { passed: 0, failed: 0, skipped: 0 };
const stores = { embedded: 0, mongo: 0 };
const queue = files.flatMap(waysOf);

async function worker() {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { file, way } = job;
    const started = Date.now();
    const { code, output } = await run(file, way);
    const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map((word) => figure(output, word));
    const failed = Math.max(total - passed - skipped, code === 0 ? 0 : 1);
    totals.passed += passed;
    totals.skipped += skipped;
    totals.failed += failed;
    for (const [store, count] of Object.entries(perStore(output))) stores[store] += count;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(
      `${failed ? 'FAIL' : 'ok  '} ${relative(tests, file)}${way ? ` (${way})` : ''}  ${passed}/${total}  ${seconds} s`,
    );
    if (failed) console.log(output);
    // Figures that a suite gives, after a #.
    else for (const [figure] of output.matchAll(/(?<=^|\s)# .*$/gm)) console.log(figure);
  }
}

await Promise.all(Array.from({ length: Math.max(1, hard ? 1 : availableParallelism()) }, worker));

const required = (process.env.FACET_REQUIRE_STORES ?? '').split(',').filter((name) => name !== '');
for (const store of required.filter((name) => wanted.length === 0 && !(stores[name] > 0))) {
  console.log(`FAIL no suite ran on the store ${store}`);
  totals.failed += 1;
}
if (files.length === 0) {
  console.log('FAIL no test file was found');
  totals.failed += 1;
}
const absent = stores.mongo === 0 ? ' (not run: set MONGODB_URI)' : '';
console.log(`\nstores: embedded ${stores.embedded}, mongo ${stores.mongo}${absent}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;
