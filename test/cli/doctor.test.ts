import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkCertificates } from '../../src/cli/doctor/check-certificates.js';
import { checkVersions } from '../../src/cli/doctor/check-versions.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { COLLECTIONS } from '../../src/collections.js';
import { loadConfig } from '../../src/config/config.js';
import { createKey } from '../../src/services/keys/operations.js';
import { createSecrets } from '../../src/services/secrets/secrets.js';
import type { Store } from '../../src/storage/store.js';
import { storeOf } from '../../src/stores.js';
import { root } from '../support/root.js';
import { runFacet } from './run-facet.js';

const doctor = suite('facet doctor');
const SEALING = randomBytes(32);
const fixtures = join(root, 'test/gateway/fixtures/tls');
let folder: string;

doctor.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-doctor-'));
});
doctor.after.each(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function examine(settings: Record<string, string> = {}, ...args: string[]) {
  const { code, stdout, stderr } = await runFacet(folder, settings, 'doctor', '--json', ...args);
  const findings: Finding[] = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const about = (name: string) => findings.filter((finding) => finding.about.startsWith(name));
  return { code, output: stdout + stderr, findings, about };
}

async function onStore(work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await storeOf(loadConfig('all', { FACET_DATA_DIR: folder }));
  await store.open(COLLECTIONS);
  await work(store);
  await store.close();
}

doctor('before the first start nothing is there, which is no failure, and nothing is made', async () => {
  const { code, about } = await examine();
  assert.equal([code, about('indexes')[0]?.state], [0, 'warning']);
  assert.equal(readdirSync(folder), []);
});

doctor('a store that a service has made is well', async () => {
  await onStore((store) => createKey(store, { tenant: 'acme', contract: 'core' }));
  const { code, findings } = await examine({ FACET_SECRETS_KEY: SEALING.toString('base64') });
  assert.is(code, 0);
  assert.equal(
    findings.map(({ about, state }) => `${about} ${state}`),
    ['versions', 'settings', 'TLS', 'store', 'indexes', 'API keys', 'sealing keys'].map(
      (name) => `${name} ok`,
    ),
  );
});

doctor('an index that was dropped is named, with what to do', async () => {
  await onStore(async () => undefined);
  const database = new Database(join(folder, 'facet.db'), {});
  await database.exec('DROP INDEX identities_tenant_f_name_id');
  database.close();
  const { code, about } = await examine();
  assert.is(code, 1);
  assert.is(about('indexes')[0]?.text, 'missing: identities_tenant_f_name_id');
  assert.ok(about('indexes')[0]?.remedy);
});

doctor('a file that is no store of ours is a failure', async () => {
  writeFileSync(join(folder, 'facet.db'), 'not a database');
  const { code, about } = await examine();
  assert.equal([code, about('store')[0]?.state], [1, 'failure']);
});

doctor('secrets under a key that is not set are a failure that names the key by its id only', async () => {
  const owner = { tenant: 'acme', identityId: 'i', sessionId: 's' };
  await onStore((store) =>
    createSecrets({ store, keys: [SEALING], now: Date.now }).seal(owner, 'planted', Date.now() + 60_000),
  );
  const other = randomBytes(32).toString('base64');
  const wrong = await examine({ FACET_SECRETS_KEY: other });
  assert.equal([wrong.code, wrong.about('sealing keys')[0]?.state], [1, 'failure']);
  assert.not.ok(
    [other, SEALING.toString('base64'), 'planted'].some((secret) => wrong.output.includes(secret)),
  );
  const rotated = await examine({ FACET_SECRETS_KEY: `${other},${SEALING.toString('base64')}` });
  assert.is(rotated.code, 0);
});

doctor('a database that is away is a failure without its password', async () => {
  const { code, about, output } = await examine({
    MONGODB_URI: 'mongodb://root:planted-41d0@127.0.0.1:1/?serverSelectionTimeoutMS=200',
  });
  assert.equal([code, about('store')[0]?.state], [1, 'failure']);
  assert.match(about('store')[0]!.text, 'ECONNREFUSED');
  assert.not.match(output, 'planted-41d0');
});

doctor('an API key that runs out soon is a warning', async () => {
  const expireTime = new Date(Date.now() + 86_400_000);
  await onStore((store) => createKey(store, { tenant: 'acme', contract: 'core', expireTime }));
  const { code, about } = await examine();
  assert.equal([code, about('API keys').map(({ state }) => state)], [0, ['ok', 'warning']]);
});

doctor('every wrong setting is a failure of its own', async () => {
  const { code, about } = await examine({ FACET_LOG_LEVEL: 'loud', FACET_REST_ADR: 'x' });
  assert.equal([code, about('settings').length], [1, 2]);
});

doctor('a gateway needs its upstreams and no store', async () => {
  const { code, findings, about } = await examine({ FACET_GRPC_ADDR: '127.0.0.1:1' }, '--role', 'gateway');
  assert.equal([code, about('upstream')[0]?.state], [1, 'failure']);
  assert.not.ok(findings.some((finding) => finding.about === 'store'));
});

doctor('a certificate is told about a month before it runs out', () => {
  const config = loadConfig('all', {
    FACET_TLS_CERT: join(fixtures, 'server.crt'),
    FACET_TLS_KEY: join(fixtures, 'server.key'),
  });
  const [today] = checkCertificates(config, Date.now());
  const end = Date.parse(/until (\S+)/.exec(today!.text)![1]!);
  const states = [Date.now(), end - 29 * 86_400_000, end + 1, 0].map(
    (now) => checkCertificates(config, now)[0]?.state,
  );
  assert.equal(states, ['ok', 'warning', 'failure', 'failure']);
});

doctor('a Node that is too old is a failure', () => {
  const states = ['20.18.9', '20.19.0', '22.1.0', '18.99.0'].map((node) => checkVersions(node)[0]?.state);
  assert.equal(states, ['failure', 'ok', 'ok', 'failure']);
});

doctor.run();
