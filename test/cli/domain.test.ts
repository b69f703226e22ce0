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

const domain = suite('facet domain');
const folder = mkdtempSync(join(tmpdir(), 'facet-cli-'));
const facet = (...args: string[]) => runFacet(folder, {}, 'domain', ...args);
let app: TestApp;

domain.before(async () => {
  app = await startTestApp(await storeOf(loadConfig('all', { FACET_DATA_DIR: folder })));
});
domain.after(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

domain('adds a domain in which the running service makes mailboxes, and prints its id', async () => {
  const made = await facet('add', 'Mail.example', '--tenant', 'acme', '--verified');
  assert.is(made.code, 0, made.stderr);
  const rest = restAs(app.rest, await app.key('acme', 'mailbox'));
  const box = { domain_id: made.stdout.trim(), local_part: 'a', display_name: 'A' };
  const answer = await rest('POST', '/v1/identities', box);
  assert.equal([answer.status, answer.body.email_address], [201, 'a@mail.example']);
});

domain('a domain is not verified unless that is said', async () => {
  const made = await facet('add', 'later.example', '--tenant', 'acme', '--json');
  const { id, verified } = JSON.parse(made.stdout);
  assert.is(verified, false);
  const rest = restAs(app.rest, await app.key('acme', 'mailbox'));
  const box = { domain_id: id, local_part: 'a', display_name: 'A' };
  assert.is((await rest('POST', '/v1/identities', box)).status, 409);
});

domain('says what is missing or wrong, and fails where the tenant has the domain', async () => {
  for (const [args, code, part] of [
    [['add', '--tenant', 'acme'], 2, 'takes one name'],
    [['add', 'a.example'], 2, '--tenant is missing'],
    [['add', 'a.example', '--tenant', 'acme', '--check'], 2, '--check'],
    [['fly'], 2, 'domain has add'],
    [['add', 'nodot', '--tenant', 'acme'], 1, 'domain.name must be a domain'],
    [['add', 'a.example', '--tenant', 'a/b'], 1, 'tenant must be'],
    [['add', 'MAIL.example', '--tenant', 'acme'], 1, 'domain.name is already taken'],
  ] as const) {
    const run = await facet(...args);
    assert.is(run.code, code, run.stderr);
    assert.ok(run.stderr.includes(part), run.stderr);
  }
});

domain.run();
