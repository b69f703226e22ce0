import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import { sampleImage } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { createLocalTransport } from './support/local-transport.js';

const test = suite('closing a server');

function start(): Promise<GatewayServer> {
  const handler = createGateway({ image: sampleImage, transport: createLocalTransport(serveSample) });
  return startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
}

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
}

function get(port: number, path: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, agent }, (response) => {
      const { statusCode: status = 0, headers } = response;
      response.resume().on('end', () => resolve({ status, connection: headers.connection }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** Sends one request after the other on one connection until the server is gone; the error that ended it. */
async function sendWithoutPause(port: number, answers: Answer[]): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (;;) answers.push(await get(port, '/v1/identities/a', agent));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    agent.destroy();
  }
}

test('clients that send without pause are told to go, and none is cut off', async () => {
  const server = await start();
  const heard: Answer[][] = Array.from({ length: 16 }, () => []);
  const clients = heard.map((answers) => sendWithoutPause(server.port, answers));
  while (heard.some((answers) => answers.length === 0)) await sleep(10);
  const closed = Date.now();
  await server.close();
  assert.ok(Date.now() - closed < 2000, `closed after ${Date.now() - closed} ms`);
  assert.equal([...new Set(await Promise.all(clients))], ['ECONNREFUSED']);
  for (const answers of heard) {
    assert.ok(answers.every(({ status }) => status === 200));
    assert.is(
      answers.findIndex(({ connection }) => connection === 'close'),
      answers.length - 1,
    );
  }
});

test('an answer under way is the last one of its connection', async () => {
  const server = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const slow = get(server.port, '/v1/inspect?sleep_ms=300', agent);
  await sleep(100);
  const closed = server.close();
  assert.equal(await slow, { status: 200, connection: 'close' });
  await closed;
  agent.destroy();
});

test('a request that a client sends just as the server closes is still answered', async () => {
  const server = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await get(server.port, '/v1/identities/a', agent);
  const closed = server.close();
  assert.equal(await get(server.port, '/v1/identities/a', agent), { status: 200, connection: 'close' });
  await closed;
  agent.destroy();
});

test('idle connections do not keep it', async () => {
  const server = await start();
  const agent = new Agent({ keepAlive: true });
  await get(server.port, '/v1/identities/a', agent);
  const closed = Date.now();
  await server.close();
  assert.ok(Date.now() - closed < 2000, `closed after ${Date.now() - closed} ms`);
  agent.destroy();
});

test.run();
