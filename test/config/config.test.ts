import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatAddress, isLoopback, parseAddress } from '../../src/config/address.js';
import { ConfigError, loadConfig } from '../../src/config/config.js';

const config = suite('configuration');

function faults(env: Record<string, string>, role: 'all' | 'service' | 'gateway' = 'all'): readonly string[] {
  try {
    loadConfig(role, env);
    return [];
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as ConfigError).faults;
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
  const env = { FACET_REST_ADDR: '0.0.0.0:8080', FACET_LINKEDIN_CONNECTOR: 'worker' };
  assert.match(faults(env)[0]!, '--insecure');
  const found = loadConfig('all', env, { insecure: true });
  assert.is(found.developmentKeys, false);
  assert.equal(faults({ ...env, FACET_TLS_CERT: 'c.pem', FACET_TLS_KEY: 'k.pem' }), []);
});

config('the simulated connector stays on loopback unless forced', () => {
  const env = { FACET_GRPC_ADDR: '10.0.0.1:1', FACET_TLS_CERT: 'c', FACET_TLS_KEY: 'k' };
  assert.match(faults(env)[0]!, 'simulated');
  assert.is(loadConfig('all', env, { insecure: true }).connector, 'simulated');
});

config('every fault is told at once', () => {
  const found = faults({
    FACET_REST_ADDR: 'nowhere',
    FACET_SECRETS_KEY: 'short',
    MONGODB_URI: 'http://x',
    FACET_LOG_LEVEL: 'loud',
  });
  assert.is(found.length, 4);
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
