import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SETTINGS } from '../../src/config/settings.js';
import { root } from '../support/root.js';
import { copies, readDockerfile } from './dockerfile.js';

const image = suite('Dockerfile');
const stages = readDockerfile();
const last = stages.at(-1)!;
const folder = mkdtempSync(join(tmpdir(), 'facet-image-'));
const tree = join(folder, 'facet');

image.after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const all = (word: string) => last.instructions.filter((each) => each.word === word).map(({ rest }) => rest);

/** Copies as links where the disk allows it. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const linked = spawnSync('cp', ['-al', from, to]).status === 0;
  if (!linked) assert.is(spawnSync('cp', ['-a', from, to]).status, 0, from);
}

/** The libraries that `npm ci --omit=dev` installs, less those that the image removes. */
function copyLibraries(to: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const removed = /rm -rf (.*)/.exec(stages[1]!.instructions.find(({ word }) => word === 'RUN')!.rest)![1]!;
  const library = (path: string) => path !== '' && !packages[path].dev && !packages[path].devOptional;
  for (const path of Object.keys(packages).filter(library)) {
    const isTop = path.lastIndexOf('node_modules/') === 0;
    if (isTop && existsSync(join(root, path)) && !removed.split(' ').includes(path)) {
      copy(join(root, path), join(dirname(to), path));
    }
  }
}

image('copies what is there, from stages that are there', () => {
  for (const stage of stages) {
    for (const { stage: from, sources } of copies(stage)) {
      if (from !== undefined)
        assert.ok(
          stages.some(({ name }) => name === from),
          from,
        );
      else for (const source of sources) assert.ok(existsSync(join(root, source)), source);
    }
  }
});

image('sets what are settings, and does not run as root', () => {
  const named = all('ENV').flatMap((rest) => rest.split(' ').map((pair) => pair.split('=')[0]!));
  assert.equal(
    named.filter((name) => name !== 'NODE_ENV' && !(name in SETTINGS.shape)),
    [],
  );
  assert.equal(all('USER'), ['node']);
});

image('its last stage, made by hand, serves as nobody on a tree that cannot be written', async () => {
  for (const { stage, sources, target } of copies(last)) {
    for (const source of sources) {
      const into = target.endsWith('/') ? join(tree, target, source.split('/').at(-1)!) : join(tree, target);
      if (stage === 'libraries') copyLibraries(into);
      else
        copy(stage === undefined ? join(root, source) : join(root, source.replace(/^\/facet\//, '')), into);
    }
  }
  assert.not.ok(existsSync(join(tree, 'node_modules/typescript')));
  const data = join(folder, 'data');
  mkdirSync(data);
  chmodSync(data, 0o777);
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    FACET_DATA_DIR: data,
    FACET_GRPC_ADDR: '127.0.0.1:0',
    FACET_REST_ADDR: '127.0.0.1:0',
  };
  const [entry] = all('ENTRYPOINT').map((rest) => JSON.parse(rest) as string[]);
  const [, ...words] = [...entry!, ...(JSON.parse(all('CMD')[0]!) as string[])];
  const child = spawn(process.execPath, words, {
    cwd: tree,
    env,
    ...(isRoot && { uid: 65_534, gid: 65_534 }),
  });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  try {
    for (let i = 0; !/^facet ready/m.test(output) && child.exitCode === null && i < 300; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const rest = /rest=(\S+)/.exec(output)?.[1];
    assert.ok(rest, output);
    const made = await fetch(`http://${rest}/v1/identities`, {
      method: 'POST',
      headers: { authorization: 'Bearer facet_outreach_dev' },
      body: '{"firstName":"Ada","lastName":"Byron","role":"Analyst"}',
    });
    assert.is(made.status, 201);
    const health = spawnSync(process.execPath, ['bin/facet.mjs', 'health'], {
      cwd: tree,
      env: { ...env, FACET_REST_ADDR: rest! },
      encoding: 'utf8',
    });
    assert.is(health.status, 0, health.stderr);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  assert.is(child.exitCode, 0);
  assert.ok(readdirSync(data).includes('facet.db'));
  if (isRoot) assert.is(statSync(join(data, 'facet.db')).uid, 65_534);
});

image.run();
