import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/config.js';
import { storeOf } from '../../src/stores.js';
import { documentOf } from '../schema/documents.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { restAs } from '../support/rest.js';
import { runFacet } from './run-facet.js';

const schema = suite('facet schema');
const folder = mkdtempSync(join(tmpdir(), 'facet-cli-'));
const facet = (...args: string[]) => runFacet(folder, {}, 'schema', ...args);
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
let app: TestApp;

schema.before(async () => {
  app = await startTestApp(await storeOf(loadConfig('all', { FACET_DATA_DIR: folder })));
});
schema.after(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

schema('puts a schema that the running service knows at once, and again in its place', async () => {
  const rest = restAs(app.rest, await app.key('acme', 'core'));
  for (const [at, title] of ['first', 'second'].entries()) {
    const path = file('person.json', JSON.stringify(documentOf({}, { title })));
    for (const id of ['default', 'person']) {
      const put = await facet('put', '--tenant', 'acme', '--id', id, path);
      assert.equal([put.code, put.stdout.trim()], [0, id], put.stderr);
      const { body } = await rest('GET', `/v1/schemas/${id}`);
      assert.equal([body.document.title, body.etag], [title, String(at + 1)]);
    }
  }
});

schema('says what is missing or wrong', async () => {
  const good = file('good.json', JSON.stringify(documentOf({})));
  const to = ['--tenant', 'acme', '--id', 'a'];
  for (const [args, code, part] of [
    [['put', ...to], 2, 'takes one file'],
    [['put', good, '--id', 'a'], 2, '--tenant is missing'],
    [['put', good, '--tenant', 'acme'], 2, '--id is missing'],
    [['fly'], 2, 'schema has put'],
    [['put', join(folder, 'none.json'), ...to], 1, 'cannot be read'],
    [['put', file('text.json', 'no json'), ...to], 1, 'is not JSON'],
    [
      ['put', file('slow.json', JSON.stringify(documentOf({ a: { pattern: '^(a+)+$' } }))), ...to],
      1,
      '^(a+)+$',
    ],
    [['put', good, '--tenant', 'a/b', '--id', 'a'], 1, 'tenant must be'],
    [['put', good, '--tenant', 'acme', '--id', 'a/b'], 1, 'schema.id must be'],
  ] as const) {
    const run = await facet(...args);
    assert.is(run.code, code, run.stderr);
    assert.ok(run.stderr.includes(part), run.stderr);
  }
});

schema.run();
