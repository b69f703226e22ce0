import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GatewayServer } from '../../gateway/server.js';
import { createWireTransport } from '../../gateway/wire.js';
import { loadConfig } from '../../src/config/config.js';
import { contractDocument, documentedContracts } from '../../src/openapi.js';
import { runGateway } from '../../src/run-gateway.js';

const pages = suite('the pages of OpenAPI documents');

const config = loadConfig('gateway', { FACET_REST_ADDR: '127.0.0.1:0', FACET_GRPC_ADDR: '127.0.0.1:1' });
const transport = createWireTransport({ upstream: '127.0.0.1:1' });
let server: GatewayServer;
const at = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

pages.before(async () => {
  server = await runGateway(config, transport, () => false, pino({ level: 'silent' }));
});
pages.after(async () => {
  await server?.close(100);
  await transport.close();
});

for (const name of documentedContracts()) {
  pages(`${name} is served without a key, while its service is away`, async () => {
    const answer = await at(`/openapi/${name}.json`);
    assert.equal(
      [answer.status, answer.headers.get('content-type')],
      [200, 'application/json; charset=utf-8'],
    );
    assert.ok((await answer.text()) === contractDocument(name));
  });
}

pages('a document that the caller has is not sent again', async () => {
  const etag = (await at('/openapi/core.json')).headers.get('etag')!;
  // Beside If-None-Match, fetch asks for no cache at all unless it is told otherwise.
  const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  const again = await at('/openapi/core.json', { headers });
  assert.equal([again.status, await again.text()], [304, '']);
  assert.is(again.headers.get('cache-control'), 'no-cache');
  const other = await at('/openapi/outreach.json', { headers });
  assert.is(other.status, 200);
});

pages('HEAD has the headers alone', async () => {
  const answer = await at('/openapi/core.json', { method: 'HEAD' });
  assert.equal([answer.status, await answer.text()], [200, '']);
  assert.ok(answer.headers.get('etag'));
});

for (const path of [
  '/openapi/nobody.json',
  '/openapi/core',
  '/openapi/..%2fcontracts.json',
  '/openapi/__proto__.json',
  '/openapi/',
  '/openapi/%ff.json',
]) {
  pages(`${path} is 404 in the shape of the contract`, async () => {
    const answer = await at(path);
    assert.is(answer.status, 404);
    assert.is(((await answer.json()) as { code: string }).code, 'not_found');
  });
}

pages('a page that fails is 500 without a word of why', async () => {
  const failing = await runGateway(
    config,
    transport,
    () => Promise.reject(new Error('planted')),
    pino({ level: 'silent' }),
  );
  const answer = await fetch(`http://127.0.0.1:${failing.port}/readyz`);
  assert.equal([answer.status, await answer.text()], [500, '{"status":"error"}']);
  await failing.close(100);
});

pages.run();
