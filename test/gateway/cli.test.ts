import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';
import { sampleRegistry } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { startGrpcServer } from './support/grpc-server.js';
import { send } from './support/http-client.js';

const test = suite('facet-gateway');
const command = new URL('../../gateway/cli.js', import.meta.url).href;
const image = `${root}/test/gateway/fixtures/sample.binpb`;

// As bin/facet-gateway.mjs does, but with what was compiled for this test.
function run(...args: string[]): ChildProcess {
  const script = `import(${JSON.stringify(command)}).then(({ runCli }) => runCli(process.argv.slice(1))).catch((error) => {
    console.error('facet-gateway: ' + error.message);
    process.exit(1);
  });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args]);
}

async function finish(child: ChildProcess): Promise<{ code: number; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

test('tells how it is used', async () => {
  const { code, output } = await finish(run('--help'));
  assert.is(code, 0);
  assert.match(
    output,
    'facet-gateway --descriptors image.binpb --upstream host:50051 --listen 127.0.0.1:8080',
  );
});

test('says what is wrong with what it is given', async () => {
  const rows: [args: string[], what: RegExp][] = [
    [[], /--descriptors is missing/],
    [['--descriptors', '/nowhere'], /ENOENT.*\/nowhere/],
    [['--descriptors', `${root}/package.json`], /the descriptor image cannot be read/],
    [['--descriptors', image, '--listen', 'here'], /--listen: "here" is not host:port/],
    [['--descriptors', image, '--upstream', 'there'], /the upstream "there" is not host:port/],
    [['--descriptors', image, '--settings', `${root}/README.none`], /README\.none/],
    [['--descriptors', image, '--nope'], /--nope/],
    [['--descriptors', image, '--cert', 'x'], /--cert and --key go together/],
  ];
  for (const [args, what] of rows) {
    const { code, output } = await finish(run(...args));
    assert.is(code, 1, output);
    assert.match(output, what);
    assert.not.match(output, /^\s+at /m);
  }
});

test('serves any annotated service, and stops in order when it is told to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-gateway-'));
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify({ others: { wrongMethod: 501 } }));
  const service = await startGrpcServer(sampleRegistry, serveSample);
  const args = [
    '--descriptors',
    image,
    '--upstream',
    service.address,
    '--listen',
    '127.0.0.1:0',
    '--settings',
    settings,
  ];
  const child = run(...args);
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  const port = Number(/facet-gateway ready rest=127\.0\.0\.1:(\d+) /.exec(String(line))?.[1]);
  assert.is((await send(port, '/v1/identities/a')).status, 200);
  assert.is((await send(port, '/v1/identities/a', { method: 'DELETE' })).status, 501);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.is(code, 0);
  service.close();
  rmSync(folder, { recursive: true });
});

test.run();
