import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';

const start = suite('npm start');
const folder = mkdtempSync(join(tmpdir(), 'facet-start-'));
const running: ChildProcess[] = [];

start.after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  printed(): string;
  /** Resolves with all that was printed once it says that it is ready. */
  readonly ready: Promise<string>;
  readonly ended: Promise<number | null>;
}

/** Starts a process of the role, with only these settings of Facet's. */
function run(role: string, settings: Record<string, string>, ...args: string[]): Started {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FACET_') && name !== 'MONGODB_URI',
  );
  const env = {
    ...Object.fromEntries(own),
    FACET_GRPC_ADDR: '127.0.0.1:0',
    FACET_REST_ADDR: '127.0.0.1:0',
    FACET_DATA_DIR: folder,
    ...settings,
  };
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs'), role, ...args], { cwd: root, env });
  running.push(child);
  let output = '';
  const ready = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (/^facet ready/m.test(output)) resolve(output);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, printed: () => output, ready, ended };
}

const shell = (command: string) =>
  new Promise<string>((resolve, reject) => {
    execFile('sh', ['-c', command], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });

start(
  'prints a curl line for each contract that works as pasted, answers /healthz and /readyz, stops at SIGTERM',
  async () => {
    const { child, ready, ended } = run('all', {});
    const output = await ready;
    const curls = output.split('\n').filter((line) => line.startsWith('curl '));
    assert.ok(curls.length >= 2);
    for (const curl of curls) {
      const answer = JSON.parse(await shell(curl));
      assert.match(JSON.stringify(answer), /"(id|profileId)":"(identity-)?[0-9a-f-]{36}"/, curl);
    }
    const [, rest] = /rest=(\S+)/.exec(output)!;
    assert.is((await fetch(`http://${rest}/healthz`)).status, 200);
    assert.is((await fetch(`http://${rest}/readyz`)).status, 200);
    assert.match(
      output,
      /grpcurl -plaintext -H 'authorization: Bearer facet_core_dev' 127\.0\.0\.1:\d+ facet\.v1/,
    );
    const stopped = Date.now();
    child.kill('SIGTERM');
    assert.is(await ended, 0);
    assert.ok(Date.now() - stopped < 5000);
  },
);

start('a gateway alone serves what a service alone keeps', async () => {
  const service = run('service', {});
  const [, grpc] = /grpc=(\S+)/.exec(await service.ready)!;
  const gateway = run('gateway', { FACET_GRPC_ADDR: grpc! });
  const [, rest] = /rest=(\S+)/.exec(await gateway.ready)!;
  const headers = { authorization: 'Bearer facet_outreach_dev' };
  const answer = await fetch(`http://${rest}/v1/identities`, { headers });
  assert.equal([answer.status, ((await answer.json()) as { status: string }).status], [200, 'success']);
  assert.is((await fetch(`http://${rest}/readyz`)).status, 200);
  service.child.kill('SIGTERM');
  await service.ended;
  assert.is((await fetch(`http://${rest}/readyz`)).status, 503);
  assert.is((await fetch(`http://${rest}/v1/identities`, { headers })).status, 503);
  gateway.child.kill('SIGTERM');
  assert.is(await gateway.ended, 0);
});

start('through a gateway that others can reach, development keys open nothing to them', async () => {
  const service = run('service', {});
  const [, grpc] = /grpc=(\S+)/.exec(await service.ready)!;
  const open = { FACET_GRPC_ADDR: grpc!, FACET_REST_ADDR: '0.0.0.0:0' };
  const gateway = run('gateway', open, '--insecure');
  const [, port] = /rest=\S+:(\d+)/.exec(await gateway.ready)!;
  const status = async (forwarded: Record<string, string>) => {
    const headers = { authorization: 'Bearer facet_outreach_dev', ...forwarded };
    return (await fetch(`http://127.0.0.1:${port}/v1/identities`, { headers })).status;
  };
  assert.is(await status({}), 200);
  assert.is(await status({ 'x-forwarded-for': '203.0.113.7' }), 401);
  for (const { child } of [gateway, service]) child.kill('SIGTERM');
  assert.equal(await Promise.all([gateway.ended, service.ended]), [0, 0]);
});

start('with the store away it starts, says so, and answers UNAVAILABLE', async () => {
  const { child, ready, ended } = run('all', {
    MONGODB_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300',
    FACET_LINKEDIN_CONNECTOR: 'simulated',
  });
  const [, rest] = /rest=(\S+)/.exec(await ready)!;
  assert.is((await fetch(`http://${rest}/healthz`)).status, 200);
  assert.is((await fetch(`http://${rest}/readyz`)).status, 503);
  const answer = await fetch(`http://${rest}/v1/identities`, {
    headers: { authorization: `Bearer facet_outreach_${'x'.repeat(43)}` },
  });
  assert.equal([answer.status, ((await answer.json()) as { code: string }).code], [503, 'store_unavailable']);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  child.kill('SIGTERM');
  assert.is(await ended, 0);
});

start('a store that is damaged or is none of ours is told, and ends the start', async () => {
  const data = mkdtempSync(join(folder, 'damaged-'));
  writeFileSync(join(data, 'facet.db'), 'not a database\n'.repeat(1000));
  const { ended, printed } = run('all', { FACET_DATA_DIR: data });
  assert.is(await ended, 1);
  assert.match(printed(), 'facet.db is not a Facet store');
  assert.not.match(printed(), /facet ready|\n\s+at /);
});

start('a gateway alone is not ready before a service whose store is away', async () => {
  const away = { MONGODB_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300' };
  const service = run('service', away);
  const [, grpc] = /grpc=(\S+)/.exec(await service.ready)!;
  const gateway = run('gateway', { FACET_GRPC_ADDR: grpc! });
  const [, rest] = /rest=(\S+)/.exec(await gateway.ready)!;
  assert.is((await fetch(`http://${rest}/healthz`)).status, 200);
  assert.is((await fetch(`http://${rest}/readyz`)).status, 503);
  for (const { child } of [gateway, service]) child.kill('SIGTERM');
  assert.equal(await Promise.all([gateway.ended, service.ended]), [0, 0]);
});

start('wrong settings are told all at once, and end it with exit code 1', async () => {
  const { ended, printed } = run('all', {
    FACET_LOG_LEVEL: 'loud',
    FACET_REST_ADR: 'x',
    FACET_GRPC_ADDR: '?',
  });
  assert.is(await ended, 1);
  for (const name of ['FACET_LOG_LEVEL', 'FACET_GRPC_ADDR']) assert.match(printed(), name);
});

start('an address that is taken is told as such', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  for (const name of ['FACET_REST_ADDR', 'FACET_GRPC_ADDR']) {
    const { ended, printed } = run('all', { [name]: `127.0.0.1:${port}` });
    assert.is(await ended, 1);
    assert.match(printed(), `${name} 127.0.0.1:${port} is in use`);
    assert.not.match(printed(), /\n\s+at /);
  }
  taken.close();
});

start('--help lists the settings', async () => {
  const { ended, printed } = run('all', {}, '--help');
  assert.is(await ended, 0);
  assert.match(printed(), 'FACET_REST_ADDR');
});

start.run();
