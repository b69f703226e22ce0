// Everything that must hold before a change lands; stops at the first step that fails.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);
const script = (name, ...args) => [process.execPath, [join(root, 'scripts', name), ...args]];

/** The packages that are contracts. */
const contracts = readdirSync(join(root, 'proto/facet'))
  .filter((name) => !['v1', 'http', 'validate'].includes(name))
  .map((name) => `proto/facet/${name}`);

/** buf's rules for what may not break, but for the files that other rules are for. */
const breaking = (rules, ignore) => [
  bin('buf'),
  [
    'breaking',
    '--against',
    'proto/baseline.binpb',
    '--config',
    JSON.stringify({ version: 'v2', modules: [{ path: 'proto' }], breaking: { use: [rules], ignore } }),
  ],
];

const steps = [
  ['format and lint', bin('biome'), ['ci', '--colors=off', '.']],
  ['types', ...script('build.mjs')],
  ['buf lint', bin('buf'), ['lint']],
  // Source compatibility for the core; for a contract its JSON form counts.
  ['buf breaking (core)', ...breaking('FILE', contracts)],
  ['buf breaking (contracts)', ...breaking('WIRE_JSON', ['proto/facet/v1', 'proto/facet/http'])],
  ['generated code is fresh', ...script('generate.mjs', '--check')],
  ['OpenAPI documents are fresh', ...script('openapi.mjs', '--check')],
  ['docs/settings.md is fresh', ...script('settings.mjs', '--check')],
  ['tests', ...script('test.mjs', '--coverage')],
];

await install();
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const run = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    console.error(`\ncheck: "${name}" failed`);
    process.exit(1);
  }
}
