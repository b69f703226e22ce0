import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../support/root.js';
import { type StartedRole, startRole, stopAll } from '../support/start-role.js';
import { runFacet } from './run-facet.js';

const health = suite('facet health');
const fixtures = join(root, 'test/gateway/fixtures/tls');
const tls = { FACET_TLS_CERT: join(fixtures, 'server.crt'), FACET_TLS_KEY: join(fixtures, 'server.key') };
const AWAY = { MONGODB_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200' };

health.after(stopAll);

const ask = (started: StartedRole, role: string, settings: Record<string, string> = {}) => {
  const { grpc, rest } = started;
  const at = { ...(grpc && { FACET_GRPC_ADDR: grpc }), ...(rest && { FACET_REST_ADDR: rest }) };
  return runFacet(tmpdir(), { ...at, ...settings }, 'health', role);
};

health('says with its exit code whether the process serves, each half by itself', async () => {
  const service = await startRole('service');
  const gateway = await startRole('gateway', { FACET_GRPC_ADDR: service.grpc! });
  assert.is((await ask(service, 'service')).code, 0);
  assert.is((await ask(gateway, 'gateway')).code, 0);
  service.child.kill('SIGTERM');
  await service.ended;
  const [ofService, ofGateway] = [await ask(service, 'service'), await ask(gateway, 'gateway')];
  assert.equal([ofService.code, ofGateway.code], [1, 1]);
  assert.match(ofGateway.stderr, 'is not ready: 503');
});

health('a service whose store is away is not serving', async () => {
  const service = await startRole('service', AWAY);
  const { code, stderr } = await ask(service, 'service');
  assert.equal([code, /is not serving/.test(stderr)], [1, true]);
});

health('asks over TLS where that is set', async () => {
  const whole = await startRole('all', tls);
  assert.is((await ask(whole, 'service', tls)).code, 0);
  assert.is((await ask(whole, 'all', tls)).code, 0);
  assert.is((await ask(whole, 'service')).code, 1);
});

health.run();
