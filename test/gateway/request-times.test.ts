import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import { sampleImage } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { createLocalTransport, type Service } from './support/local-transport.js';

const WHOLE_MS = 300;
const IDLE_MS = 600;

/** Takes a moment for each request of a stream, and longer than an idle stream may last for the first. */
const sluggish: Service = async function* (_path, requests) {
  let count = 0;
  for await (const _ of requests) if (count++ === 0) await sleep(2 * IDLE_MS);
  yield new Uint8Array();
};

const test = suite<{ server: GatewayServer }>('how long a request may take');
test.before(async (context) => {
  const transport = createLocalTransport(serveSample);
  const handler = createGateway({
    image: sampleImage,
    transport: {
      ...transport,
      stream: (options, requests) =>
        options.metadata.some(([name]) => name === 'sluggish')
          ? createLocalTransport(sluggish).stream(options, requests)
          : transport.stream(options, requests),
    },
  });
  context.server = await startGatewayServer({
    handler,
    host: '127.0.0.1',
    port: 0,
    requestTimeout: WHOLE_MS,
    streamIdleTimeout: IDLE_MS,
  });
});
test.after(({ server }) => server.close(0));

interface Sender {
  write(text: string): void;
  /** Sends a chunk of a body. */
  chunk(text: string): void;
  /** What has come back so far. */
  received(): string;
  /** Settles when the server has closed the connection. */
  readonly closed: Promise<unknown>;
  leave(): void;
}

function openSocket({ port }: GatewayServer, path: string, headers = ''): Sender {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n${headers}\r\n`);
  return {
    write: (data) => socket.write(data),
    chunk: (data) => socket.write(`${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`),
    received: () => text,
    closed: once(socket, 'close'),
    leave: () => socket.destroy(),
  };
}

const within = (sender: Sender, milliseconds: number) =>
  Promise.race([sender.closed.then(() => true), sleep(milliseconds, false, { ref: false })]);

test('a stream of requests that moves outlasts the time that other requests have', async ({ server }) => {
  const sender = openSocket(server, '/v1/upload', 'Connection: close\r\n');
  for (let number = 0; number < 10; number++) {
    sender.chunk(`{"name":"n${number}"}\n`);
    await sleep(WHOLE_MS / 2);
  }
  sender.write('0\r\n\r\n');
  await sender.closed;
  assert.match(sender.received(), /^HTTP\/1\.1 200 /);
  assert.match(sender.received(), '"count":10');
});

test('a stream both ways lives while either side moves', async ({ server }) => {
  const sender = openSocket(server, '/v1/chat');
  for (let number = 0; number < 10; number++) {
    sender.chunk(`{"name":"n${number}"}\n`);
    await sleep(WHOLE_MS / 2);
  }
  assert.match(sender.received(), 're:n9');
  sender.leave();
});

test('a stream in which nothing moves is cut', async ({ server }) => {
  const silent = openSocket(server, '/v1/upload');
  const begun = openSocket(server, '/v1/chat');
  begun.chunk('{"name":"n"}\n');
  assert.not(await within(silent, WHOLE_MS * 1.5), 'it has longer than other requests');
  assert.ok(await within(silent, 2 * IDLE_MS));
  assert.match(silent.received(), /^HTTP\/1\.1 408 /);
  assert.ok(await within(begun, 2 * IDLE_MS));
  assert.match(begun.received(), 're:n');
  assert.not.match(begun.received(), /\r\n0\r\n\r\n$/, 'what was cut does not look whole');
});

test('a service that takes its time with a request is no idle caller', async ({ server }) => {
  const sender = openSocket(server, '/v1/upload', 'Grpc-Metadata-Sluggish: 1\r\nConnection: close\r\n');
  sender.chunk('{"name":"a"}\n');
  // More than what is buffered, so that the gateway has to stop reading.
  for (let number = 0; number < 40; number++) sender.chunk(`{"name":"${'b'.repeat(60_000)}"}\n`);
  sender.write('0\r\n\r\n');
  assert.ok(await within(sender, 10 * IDLE_MS));
  assert.match(sender.received(), /^HTTP\/1\.1 200 /);
});

test('one request that comes by drops is cut, whether or not it is read', async ({ server }) => {
  for (const [path, status] of [
    ['/v1/echo', 408],
    ['/v1/nowhere', 404],
  ] as const) {
    const sender = openSocket(server, path);
    const drops = setInterval(() => sender.chunk(' '), WHOLE_MS / 10);
    assert.ok(await within(sender, 4 * WHOLE_MS), path);
    clearInterval(drops);
    assert.match(sender.received(), new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test('the time is that of the request alone: an answer may take longer', async ({ server }) => {
  const sender = openSocket(server, '/v1/inspect', 'Connection: close\r\n');
  sender.chunk(JSON.stringify({ sleepMs: 3 * WHOLE_MS }));
  sender.write('0\r\n\r\n');
  await sender.closed;
  assert.match(sender.received(), /^HTTP\/1\.1 200 /);
});

test.run();
