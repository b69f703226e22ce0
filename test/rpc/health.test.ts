import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthListResponse,
} from '../../src/gen/grpc/health/v1/health.js';
import { healthService } from '../../src/rpc/health.js';
import { service } from '../../src/rpc/service.js';
import { ended, options } from './lab/call.js';
import { createLab, LabDefinition, plain } from './lab/lab.js';

const health = suite('health');
const LAB = 'facet.lab.v1.LabService';
const [SERVING, NOT_SERVING, SERVICE_UNKNOWN] = [1, 2, 3];

function start(serving: () => boolean) {
  return createLab(
    {},
    {
      services: [service(LabDefinition, plain), healthService([LAB], serving)],
      limits: { unary: { total: 0, perTenant: 0 }, streams: { total: 0, perTenant: 0 } },
    },
  ).pipeline;
}

const ask = (service: string) => HealthCheckRequest.encode({ service }).finish();
const method = (name: string) => options(`/grpc.health.v1.Health/${name}`, { key: '' });

health('a check needs no key, and is answered while all places are taken', async () => {
  let up = true;
  const pipeline = start(() => up);
  for (const name of ['', LAB]) {
    up = true;
    const good = await pipeline.unary(method('Check'), ask(name));
    assert.is(HealthCheckResponse.decode(good.message!).status, SERVING);
    up = false;
    const bad = await pipeline.unary(method('Check'), ask(name));
    assert.is(HealthCheckResponse.decode(bad.message!).status, NOT_SERVING);
  }
});

health('watchers do not stand in the way of checks', async () => {
  const pipeline = createLab(
    {},
    { services: [healthService([], () => true)], limits: { open: { unary: 1, streams: 1 } } },
  ).pipeline;
  async function* request() {
    yield ask('');
  }
  const gone = new AbortController();
  const held = pipeline.stream({ ...method('Watch'), signal: gone.signal }, request());
  await held.header;
  const second = pipeline.stream(method('Watch'), request());
  assert.is(ended((await second.end).status).reason, 'TOO_MANY_REQUESTS');
  assert.is((await pipeline.unary(method('Check'), ask(''))).status.code, 0);
  gone.abort();
  await held.end;
});

health('a check of an unknown service is NOT_FOUND', async () => {
  const { status } = await start(() => true).unary(method('Check'), ask('a.B'));
  assert.is(ended(status).code, 'NOT_FOUND');
});

health('the list has every service and the whole', async () => {
  const { message } = await start(() => true).unary(method('List'), new Uint8Array());
  assert.equal(Object.keys(HealthListResponse.decode(message!).statuses).sort(), ['', LAB]);
});

health('a watcher is told the status at once and every change within a second', async () => {
  let up = true;
  const pipeline = start(() => up);
  async function* request() {
    yield ask('');
  }
  const seen: number[] = [];
  const reply = pipeline.stream(method('Watch'), request());
  let changed = 0;
  for await (const bytes of reply.messages) {
    seen.push(HealthCheckResponse.decode(bytes).status);
    if (seen.length > 1) assert.ok(Date.now() - changed < 1000);
    if (seen.length === 3) break;
    up = !up;
    changed = Date.now();
  }
  assert.equal(seen, [SERVING, NOT_SERVING, SERVING]);
});

health('a watcher of an unknown service is told so, and stays', async () => {
  async function* request() {
    yield ask('a.B');
  }
  const pipeline = start(() => true);
  const reply = pipeline.stream({ ...method('Watch'), deadline: Date.now() + 100 }, request());
  const seen: number[] = [];
  for await (const bytes of reply.messages) seen.push(HealthCheckResponse.decode(bytes).status);
  assert.equal(seen, [SERVICE_UNKNOWN]);
  assert.is(ended((await reply.end).status).code, 'DEADLINE_EXCEEDED');
});

health.run();
