import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Express } from 'express';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway, type GatewayHandler } from '../../gateway/handler.js';
import { startGatewayServer } from '../../gateway/server.js';
import { root } from '../support/root.js';
import { sampleImage } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { send } from './support/http-client.js';
import { createLocalTransport } from './support/local-transport.js';
import { serveThings, thingsImage } from './support/things.js';

const test = suite('where the gateway is put');

const gateway = (): GatewayHandler =>
  createGateway({ image: sampleImage, transport: createLocalTransport(serveSample) });

async function withApp(app: Express, use: (port: number) => Promise<void>): Promise<void> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await use((server.address() as AddressInfo).port);
  await new Promise((resolve) => server.close(resolve));
}

test('it mounts on any Express app, and leaves alone what it does not know', async () => {
  const app = express();
  app.get('/own', (_request, response) => {
    response.send('own');
  });
  app.use(gateway());
  app.get('/late', (_request, response) => {
    response.send('late');
  });
  await withApp(app, async (port) => {
    assert.is((await send(port, '/own')).text, 'own');
    assert.is((await send(port, '/v1/identities/a')).status, 200);
    assert.is((await send(port, '/late')).text, 'late');
    assert.is(
      (await send(port, '/v1/identities/a', { method: 'DELETE' })).status,
      405,
      'a path it knows is its own',
    );
    const echoed = await send(port, '/v1/echo', { method: 'POST', body: '{"stringField":"x"}' });
    assert.is((echoed.json as { stringField: string }).stringField, 'x');
  });
});

test('behind a body parser it says so in its log, and does not hang', async () => {
  const told: unknown[] = [];
  const app = express();
  app.use(express.json());
  const log = { error: (details: { err?: Error }) => told.push(details.err?.message) };
  app.use(createGateway({ image: sampleImage, transport: createLocalTransport(serveSample), log }));
  await withApp(app, async (port) => {
    const headers = { 'Content-Type': 'application/json' };
    assert.is((await send(port, '/v1/echo', { method: 'POST', headers, body: '{}' })).status, 500);
    assert.equal(told, ['the body was read before: mount the gateway before body parsers']);
  });
});

test('below a path of an app, Location is the whole of it', async () => {
  const things = createGateway({
    image: thingsImage,
    transport: createLocalTransport(serveThings),
    settings: { others: { responseHeaders: ['location'] } },
  });
  const app = express();
  app.use('/rest', things);
  await withApp(app, async (port) => {
    const answer = await send(port, '/rest/v1/things', { method: 'POST', body: '{}' });
    assert.is(answer.status, 201);
    assert.is(answer.headers.location, '/rest/v1/things/7');
  });
});

test('its server calls it first, an app after it, and it again for its own 404', async () => {
  const app = express();
  const first = gateway();
  app.get('/docs', (_request, response) => {
    response.send('docs');
  });
  app.use((request, response) => first(request, response));
  const server = await startGatewayServer({
    handler: (request, response) => first(request, response, () => app(request, response)),
    host: '127.0.0.1',
    port: 0,
  });
  assert.is((await send(server.port, '/docs')).text, 'docs');
  assert.is((await send(server.port, '/v1/identities/a')).status, 200);
  assert.equal((await send(server.port, '/nope')).json, { code: 5, message: 'Not Found', details: [] });
  await server.close();
});

test('its server finishes what is under way before it closes', async () => {
  const server = await startGatewayServer({ handler: gateway(), host: '127.0.0.1', port: 0 });
  const slow = send(server.port, '/v1/inspect?sleep_ms=300');
  await sleep(100);
  const closing = server.close();
  assert.is((await slow).status, 200);
  await closing;
  await send(server.port, '/v1/identities/a').then(
    () => assert.unreachable(),
    () => {},
  );
});

test('its server cuts what takes longer than it may', async () => {
  const server = await startGatewayServer({ handler: gateway(), host: '127.0.0.1', port: 0 });
  const slow = send(server.port, '/v1/inspect?sleep_ms=5000').catch((error: Error) => error);
  await sleep(100);
  const started = Date.now();
  await server.close(200);
  assert.ok(Date.now() - started < 1000);
  assert.instance(await slow, Error);
});

test('a port that is taken is an error at start', async () => {
  const server = await startGatewayServer({ handler: gateway(), host: '127.0.0.1', port: 0 });
  await startGatewayServer({ handler: gateway(), host: '127.0.0.1', port: server.port }).then(
    () => assert.unreachable(),
    (error: NodeJS.ErrnoException) => assert.is(error.code, 'EADDRINUSE'),
  );
  await server.close();
});

test('its server speaks HTTPS with a certificate', async () => {
  const pem = (name: string) => readFileSync(`${root}/test/gateway/fixtures/tls/${name}`);
  const tls = { cert: pem('server.crt'), key: pem('server.key') };
  const server = await startGatewayServer({ handler: gateway(), host: '127.0.0.1', port: 0, tls });
  const status = await new Promise((resolve, reject) => {
    const options = {
      ca: pem('ca.crt'),
      servername: 'server.test',
      agent: false as const,
      headers: { Host: 'server.test' },
    };
    httpsRequest(
      { host: '127.0.0.1', port: server.port, path: '/v1/identities/a', ...options },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end();
  });
  assert.is(status, 200);
  await server.close();
});

test.run();
