// Fuzzes the REST APIs by their OpenAPI documents. Needs schemathesis 4 on the PATH; `node scripts/fuzz.mjs --help`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root } from './install.mjs';

const HELP = `Sends what the OpenAPI documents allow, and what they do not, to a Facet of its own on free ports.

  node scripts/fuzz.mjs [CONTRACT …] [--examples N] [--seed N] [--all-checks]

  --examples N   requests made up for each operation (default 200)
  --seed N       where the random numbers begin (default 1)
  --all-checks   also those whose findings are a matter of judgement: see docs/testing.md
`;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    examples: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'all-checks': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}
if (spawnSync('schemathesis', ['--version']).status !== 0) {
  console.error('facet: schemathesis is not on the PATH: `pip install schemathesis`');
  process.exit(1);
}

await build();
const folder = mkdtempSync(join(tmpdir(), 'facet-fuzz-'));
const { MONGODB_URI: _, ...env } = process.env;
const facet = spawn(process.execPath, [join(root, 'scripts/start.mjs'), 'all'], {
  env: {
    ...env,
    FACET_DATA_DIR: join(folder, 'data'),
    FACET_GRPC_ADDR: '127.0.0.1:0',
    FACET_REST_ADDR: '127.0.0.1:0',
    FACET_LOG_LEVEL: 'error',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base = await ready(facet);
  const known = readdirSync(join(root, 'openapi')).map((file) => file.replace(/\.json$/, ''));
  for (const contract of positionals.length > 0 ? positionals : known) await fuzz(base, contract);
} finally {
  facet.kill('SIGTERM');
  await once(facet, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

function ready({ stdout }) {
  return new Promise((resolve, reject) => {
    let output = '';
    stdout.on('data', (chunk) => {
      output += chunk;
      const [, address] = /^facet ready .*rest=(\S+)/m.exec(output) ?? [];
      if (address !== undefined) resolve(`http://${address}`);
    });
    stdout.on('end', () => reject(new Error('Facet has not started')));
  });
}

async function fuzz(base, contract) {
  console.log(`\n## ${contract}`);
  const checks = values['all-checks'] ? 'all' : CHECKS.join(',');
  const run = spawn(
    'schemathesis',
    [
      ...['run', `${base}/openapi/${contract}.json`, '--url', `${base}/api/${contract}`],
      ...['--header', `Authorization: Bearer facet_${contract}_dev`, '--checks', checks],
      ...['--seed', values.seed, '--max-examples', values.examples, '--generation-database', 'none'],
      ...['--phases', 'examples,coverage,fuzzing'],
      // A stream is many JSON texts, which schemathesis takes for one; its lines are checked by the tests.
      ...['--exclude-path-regex', '/events$'],
    ],
    { cwd: folder, stdio: 'inherit' },
  );
  const [code] = await once(run, 'close');
  if (code !== 0) process.exitCode = 1;
}
