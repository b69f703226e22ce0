import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import type { Transport } from '../../gateway/transport.js';
import { createWireTransport } from '../../gateway/wire.js';
import { sampleImage, sampleRegistry } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { startGrpcServer } from './support/grpc-server.js';
import { createLocalTransport } from './support/local-transport.js';
import { differences, observe } from './support/observe.js';
import { type Observation, recordedCases } from './support/recorded-case.js';

/** Where the gateway differs from Go's on purpose: why, and what it answers instead. */
const deliberate: Record<string, { why: string; answers: Observation }> = {
  'path-03': {
    why: '%2F stays inside its segment',
    answers: { status: 200, received: { id: 'tenants/t/identities/a/b' } },
  },
  'path-11': { why: 'one trailing slash is ignored', answers: { status: 200, received: { id: 'a' } } },
  'path-19': {
    why: '%2F in ** is kept as written',
    answers: { status: 200, received: { stringField: 'a%2Fb/c' } },
  },
  'path-51': { why: 'a literal beats a variable', answers: { status: 200, received: {} } },
  'path-53': { why: 'an empty segment is no value', answers: { status: 404 } },
  'routing-05': { why: '405 with Allow', answers: { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } } },
  'routing-07': {
    why: '405 with Allow',
    answers: { status: 405, headers: { allow: 'GET, PATCH, PUT, DELETE, HEAD, OPTIONS' } },
  },
  'routing-13': { why: 'the HTTP parser knows no such method', answers: { status: 400 } },
  'json-19': { why: 'data after the first value is an error', answers: { status: 400 } },
  'json-105': { why: 'nesting is limited to 64', answers: { status: 400 } },
  'stream-15': {
    why: 'x-ndjson is named as the type where it is asked for',
    answers: { status: 200, headers: { 'content-type': 'application/x-ndjson' } },
  },
  'stream-19': { why: 'HEAD is GET without its body', answers: { status: 200, empty: true } },
  'limits-01': { why: 'a body has at most 1 MiB', answers: { status: 413 } },
  'limits-03': { why: 'an answer may have 32 MiB', answers: { status: 200 } },
};

/** What differs over the wire because of the test's server: Node's HTTP/2 joins repeated metadata by commas. */
const ofTheTestServer = new Set(['headers-09']);

function cases(name: string, connect: () => Promise<{ transport: Transport; close: () => void }>): void {
  const test = suite<{ server: GatewayServer; close: () => void }>(`recorded cases over ${name}`);
  test.before(async (context) => {
    const { transport, close } = await connect();
    const handler = createGateway({ image: sampleImage, transport });
    context.server = await startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
    context.close = close;
  });
  test.after(async ({ server, close }) => {
    await server.close();
    close();
  });
  for (const each of recordedCases) {
    if (name === 'wire' && ofTheTestServer.has(each.id)) continue;
    test(`${each.id}: ${each.title}`, async ({ server }) => {
      const seen = await observe(server.port, each);
      const found = differences(each, seen);
      const difference = deliberate[each.id];
      if (difference === undefined) {
        assert.equal(found, []);
        return;
      }
      assert.ok(found.length > 0, `no longer different, though ${difference.why}`);
      const { headers = {}, ...answers } = difference.answers;
      for (const [key, value] of Object.entries(answers))
        assert.equal(seen[key as keyof Observation], value, key);
      for (const [header, value] of Object.entries(headers)) assert.is(seen.headers?.[header], value, header);
    });
  }
  test.run();
}

cases('local', async () => ({ transport: createLocalTransport(serveSample), close: () => {} }));
cases('wire', async () => {
  const server = await startGrpcServer(sampleRegistry, serveSample);
  const transport = createWireTransport({ upstream: server.address });
  const close = () => {
    transport.close();
    server.close();
  };
  return { transport, close };
});
