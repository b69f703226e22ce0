// Everything that must hold before a change lands; stops at the first step that fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);
const script = (name, ...args) => [process.execPath, [join(root, 'scripts', name), ...args]];

/** buf's rules for what may not break: source compatibility in the core, the JSON form in the contracts. */
const breaking = (rules, paths) => [
  bin('buf'),
  [
    'breaking',
    '--against',
    'proto/baseline.binpb',
    '--config',
    JSON.stringify({ version: 'v2', modules: [{ path: 'proto' }], breaking: { use: [rules] } }),
    ...paths.flatMap((path) => ['--path', path]),
  ],
];
const contracts = ['outreach', 'mailbox', 'agents', 'admin', 'profiles']
  .map((name) => `proto/facet/${name}`)
  .filter((path) => existsSync(join(root, path)));

const steps = [
  ['format and lint', bin('biome'), ['ci', '.']],
  ['types', ...script('build.mjs')],
  ['buf lint', bin('buf'), ['lint']],
  ['buf breaking (core)', ...breaking('FILE', ['proto/facet/v1', 'proto/facet/http'])],
  ['buf breaking (contracts)', ...breaking('WIRE_JSON', contracts)],
  ['generated code is fresh', ...script('generate.mjs', '--check')],
  ['tests', ...script('test.mjs')],
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
