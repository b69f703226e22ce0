import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatAddress, isLoopback, parseAddress } from '../../src/config/address.js';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { helpText } from '../../src/config/help.js';
import { sealingKeys } from '../../src/config/sealing-keys.js';
import { SETTINGS } from '../../src/config/settings.js';
import { storeOf } from '../../src/stores.js';
import { root } from '../support/root.js';

const config = suite('configuration');
const pem = (name: string) => join(root, 'test/gateway/fixtures/tls', name);
const TLS = { FACET_TLS_CERT: pem('server.crt'), FACET_TLS_KEY: pem('server.key') };
const SECRETS = { FACET_SECRETS_KEY: Buffer.alloc(32).toString('base64') };
const folder = mkdtempSync(join(tmpdir(), 'facet-config-'));
config.after(() => rmSync(folder, { recursive: true, force: true }));

function faults(env: Record<string, string>, role: 'all' | 'service' | 'gateway' = 'all'): readonly string[] {
  try {
    loadConfig(role, env);
    return [];
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as ConfigError).faults;
  }
}

async function storeFault(uri: string): Promise<string> {
  try {
    await storeOf(loadConfig('all', { MONGODB_URI: uri }));
    return '';
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as Error).message;
  }
}

config('nothing set is the embedded store on loopback with development keys', () => {
  const found = loadConfig('all', {});
  assert.is(formatAddress(found.grpc), '127.0.0.1:50051');
  assert.is(found.connector, 'simulated');
  assert.is(found.developmentKeys, true);
});

config('MongoDB has no development keys and waits for workers', () => {
  const found = loadConfig('all', { MONGODB_URI: 'mongodb://127.0.0.1/' });
  assert.is(found.connector, 'worker');
  assert.is(found.developmentKeys, false);
});

config('an address beyond loopback needs TLS or --insecure, and has no development keys', () => {
  const env = { ...SECRETS, FACET_REST_ADDR: '0.0.0.0:8080', FACET_LINKEDIN_CONNECTOR: 'worker' };
  assert.match(faults(env)[0]!, '--insecure');
  const found = loadConfig('all', env, { insecure: true });
  assert.is(found.developmentKeys, false);
  assert.equal(faults({ ...env, ...TLS }), []);
});

config('the simulated connector stays on loopback unless forced', () => {
  const env = { ...SECRETS, ...TLS, FACET_GRPC_ADDR: '10.0.0.1:1' };
  assert.match(faults(env)[0]!, 'simulated');
  assert.is(loadConfig('all', env, { insecure: true }).connector, 'simulated');
});

config('every fault is told at once, whatever kind it is of', () => {
  const found = faults({
    FACET_GRPC_ADDR: '0.0.0.0:1',
    FACET_REST_ADDR: 'nowhere',
    FACET_SECRETS_KEY: 'short',
    MONGODB_URI: 'http://x',
    FACET_LOG_LEVEL: 'loud',
    FACET_MAX_IN_FLIGHT: '0',
    FACET_LINKEDIN_CONNECTOR: 'unipile',
    FACET_TLS_CERT: join(folder, 'absent.pem'),
    FACET_JWKS: join(folder, 'absent.json'),
    FACET_TYPO: '1',
  });
  const told = [
    'FACET_REST_ADDR must be',
    'FACET_SECRETS_KEY must be',
    'MONGODB_URI must begin',
    'FACET_LOG_LEVEL must be one of debug, info, warn, error, silent',
    'FACET_MAX_IN_FLIGHT must be a whole number from 1 to 100000',
    'FACET_TYPO is not a setting',
    'FACET_LINKEDIN_CONNECTOR=unipile',
    'FACET_TLS_CERT and FACET_TLS_KEY go together',
    '0.0.0.0:1 is reachable',
    'FACET_JWKS needs',
  ];
  for (const each of told) {
    assert.ok(
      found.some((fault) => fault.startsWith(each)),
      `${each}\n${found.join('\n')}`,
    );
  }
  assert.is(found.length, told.length, found.join('\n'));
});

config('what a server of TLS cannot use is told before it listens', () => {
  const absent = join(folder, 'absent.pem');
  writeFileSync(join(folder, 'text.pem'), 'no PEM at all');
  const text = join(folder, 'text.pem');
  const wrong: [string, Record<string, string>][] = [
    ['FACET_TLS_CERT', { ...TLS, FACET_TLS_CERT: absent }],
    ['FACET_TLS_CERT', { ...TLS, FACET_TLS_CERT: text }],
    ['FACET_TLS_KEY', { ...TLS, FACET_TLS_KEY: absent }],
    ['FACET_TLS_KEY', { ...TLS, FACET_TLS_KEY: text }],
    ['FACET_TLS_KEY', { ...TLS, FACET_TLS_KEY: pem('client.key') }],
    ['FACET_TLS_CLIENT_CA', { ...TLS, FACET_TLS_CLIENT_CA: text }],
    ['FACET_TLS_CLIENT_CA', { FACET_TLS_CLIENT_CA: pem('ca.crt') }],
  ];
  for (const [setting, env] of wrong) {
    const found = faults(env);
    assert.is(found.length, 1, found.join('\n'));
    assert.ok(found[0]!.startsWith(setting), found[0]);
  }
  assert.equal(faults({ ...TLS, FACET_TLS_CLIENT_CA: pem('ca.crt') }), []);
  assert.match(faults({ FACET_TLS_CA: text }, 'gateway')[0]!, 'FACET_TLS_CA');
});

config('where tokens come from is told where it cannot be used', () => {
  const names = { FACET_JWT_ISSUER: 'i', FACET_JWT_AUDIENCE: 'a' };
  writeFileSync(join(folder, 'jwks.json'), '{"keys":[]}');
  writeFileSync(join(folder, 'other.json'), '{"name":"x"}');
  assert.equal(faults({ ...names, FACET_JWKS: join(folder, 'jwks.json') }), []);
  for (const source of ['absent.json', 'other.json']) {
    assert.match(faults({ ...names, FACET_JWKS: join(folder, source) })[0]!, 'FACET_JWKS');
  }
  assert.match(faults({ ...names, FACET_JWKS: 'https://%%' })[0]!, 'FACET_JWKS');
  assert.match(faults(names)[0]!, 'FACET_JWKS');
});

config('beyond loopback the sealing key is required with all else', () => {
  const env = { ...TLS, FACET_REST_ADDR: '0.0.0.0:1', FACET_LINKEDIN_CONNECTOR: 'worker' };
  assert.match(faults(env)[0]!, 'FACET_SECRETS_KEY is required');
  assert.equal(faults({ FACET_REST_ADDR: '0.0.0.0:1', ...TLS }, 'gateway'), []);
});

config('a connection string that cannot be read is told without what may be a password', async () => {
  for (const uri of ['mongodb://[bad', 'mongodb://user:se/cret@host', 'mongodb://user:secret@']) {
    const told = await storeFault(uri);
    assert.match(told, 'MONGODB_URI');
    assert.not.match(told, /se\/cret|secret|:se/);
  }
  assert.match(await storeFault('mongodb://host/?bogus=1'), 'bogus');
});

config('a data folder that cannot hold the sealing key is told as a setting', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.throws(
    () => sealingKeys(loadConfig('all', { FACET_DATA_DIR: file })),
    (error: Error) => error instanceof ConfigError && error.message.includes('FACET_DATA_DIR'),
  );
});

config('the help names every setting with its default', () => {
  const help = helpText('all');
  for (const name of Object.keys(SETTINGS.shape)) assert.match(help, name);
  for (const value of ['127.0.0.1:50051', '127.0.0.1:8080', './data', '1000', 'info'])
    assert.match(help, value);
});

config('a misspelt setting is told', () => {
  assert.equal(faults({ FACET_REST_ADR: '127.0.0.1:1' }), ['FACET_REST_ADR is not a setting']);
});

config('a connector that does not exist yet is refused at start', () => {
  assert.match(faults({ FACET_LINKEDIN_CONNECTOR: 'unipile' })[0]!, 'does not exist yet');
});

config('only a gateway alone dials several services', () => {
  const env = { FACET_GRPC_ADDR: '127.0.0.1:1,127.0.0.1:2' };
  assert.match(faults(env)[0]!, 'several');
  assert.equal(faults(env, 'gateway'), []);
});

config('addresses are host:port, IPv6 in brackets', () => {
  assert.equal(parseAddress('[::1]:80'), { host: '::1', port: 80 });
  assert.is(formatAddress({ host: '::1', port: 80 }), '[::1]:80');
  for (const wrong of ['', '80', 'host', 'host:', 'host:99999', 'a:b:80', '::1:80']) {
    assert.is(parseAddress(wrong), undefined, wrong);
  }
});

config('loopback is this machine only', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
    assert.ok(isLoopback({ host, port: 1 }), host);
  for (const host of ['0.0.0.0', '10.0.0.1', '127.evil.example', '::', 'example.com']) {
    assert.not.ok(isLoopback({ host, port: 1 }), host);
  }
});

config.run();
