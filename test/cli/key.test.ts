import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/config.js';
import { storeOf } from '../../src/stores.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { restAs } from '../support/rest.js';
import { runFacet } from './run-facet.js';

const key = suite('facet key');
const folder = mkdtempSync(join(tmpdir(), 'facet-cli-'));
let app: TestApp;

const facet = (...args: string[]) => runFacet(folder, {}, ...args);

key.before(async () => {
  app = await startTestApp(await storeOf(loadConfig('all', { FACET_DATA_DIR: folder })));
});
key.after(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

key(
  'makes a key that the running service takes, lists it without its text, and revokes it within a second',
  async () => {
    const made = await facet(
      'key',
      'create',
      '--tenant',
      'acme',
      '--contract',
      'outreach',
      '--scope',
      'read',
    );
    assert.is(made.code, 0, made.stderr);
    const text = made.stdout.trim();
    assert.match(text, /^facet_outreach_/);
    const rest = restAs(app.rest, text);
    assert.is((await rest('GET', '/v1/identities')).status, 200);
    assert.is(
      (await rest('POST', '/v1/identities', { firstName: 'a', lastName: 'b', role: 'c' })).status,
      403,
    );
    const listed = await facet('key', 'list', '--json');
    assert.not.ok(listed.stdout.includes(text.split('_')[2]!));
    const view = JSON.parse(listed.stdout);
    assert.equal([view.tenant, view.scopes], ['acme', ['read']]);
    assert.is((await facet('key', 'revoke', view.id)).code, 0);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.is((await rest('GET', '/v1/identities')).status, 401);
  },
);

key('says what is missing or wrong, with exit code 2', async () => {
  for (const [args, part] of [
    [['key', 'create', '--contract', 'outreach'], '--tenant is missing'],
    [['key', 'create', '--tenant', 'a', '--contract', 'nope'], '--contract must be one of'],
    [['key', 'create', '--tenant', 'a', '--contract', 'core', '--scope', 'all'], '--scope must be one of'],
    [
      ['key', 'create', '--tenant', 'a', '--contract', 'core', '--expires', 'soon'],
      '--expires must be a time',
    ],
    [['key', 'fly'], 'create, list and revoke'],
    [['constructor'], 'no command'],
  ] as const) {
    const { code, stderr } = await facet(...args);
    assert.is(code, 2, stderr);
    assert.ok(stderr.includes(part), stderr);
  }
});

key('fails with exit code 1 for a tenant name with a slash and for an unknown key', async () => {
  const slash = await facet('key', 'create', '--tenant', 'a/b', '--contract', 'core');
  assert.equal([slash.code, slash.stderr.startsWith('facet: tenant')], [1, true]);
  const unknown = await facet('key', 'revoke', 'nope');
  assert.equal(
    [unknown.code, unknown.stderr],
    [1, 'facet: there is no key nope; facet key list shows them\n'],
  );
});

key('--help names every command', async () => {
  const { code, stdout } = await facet('--help');
  assert.is(code, 0);
  for (const verb of ['create', 'list', 'revoke']) assert.match(stdout, `facet key ${verb}`);
  assert.match(stdout, 'facet domain add');
});

key('a word or an option too many makes no key', async () => {
  const wanted = ['key', 'create', '--tenant', 'strict', '--contract', 'core'];
  for (const more of [['stray'], ['--tenant', 'other'], ['--contract', 'admin']]) {
    const made = await facet(...wanted, ...more);
    assert.is(made.code, 2, more.join(' '));
    assert.is(made.stdout, '');
  }
  assert.is((await facet('key', 'list', 'stray')).code, 2);
  assert.is((await facet('key', 'list', '--tenant', 'strict', '--json')).stdout, '');
});

key('--once makes a key for a tenant that has none of the contract, or none that still opens', async () => {
  const create = (contract: string) =>
    facet('key', 'create', '--tenant', 'once', '--contract', contract, '--once');
  const first = await create('core');
  assert.match(first.stdout, /^facet_core_/);
  const second = await create('core');
  assert.equal([second.code, second.stdout], [0, '']);
  assert.match((await create('mailbox')).stdout, /^facet_mailbox_/);
  const { stdout } = await facet('key', 'list', '--tenant', 'once', '--json');
  const { id } = JSON.parse(stdout.split('\n')[0]!);
  assert.is((await facet('key', 'revoke', id)).code, 0);
  assert.match((await create('core')).stdout, /^facet_core_/);
});

key('what the servers open does not keep an operator from the keys', async () => {
  const env = { FACET_GRPC_ADDR: '10.0.0.1:1,10.0.0.2:1', FACET_TLS_CERT: '/absent.pem' };
  const listed = await runFacet(folder, env, 'key', 'list', '--tenant', 'nobody');
  assert.is(listed.code, 0, listed.stderr);
});

key.run();
