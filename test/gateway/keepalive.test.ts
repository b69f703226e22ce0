import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createWireTransport } from '../../gateway/wire.js';
import { sampleRegistry } from './sample/image.js';
import { startGrpcServer } from './support/grpc-server.js';
import type { Service } from './support/local-transport.js';

const INTERVAL_MS = 150;
const SOON_MS = 20 * INTERVAL_MS;

const call = () => ({
  path: '/sample.v1.EchoService/Echo',
  metadata: [],
  deadline: undefined,
  signal: new AbortController().signal,
});
const request = Buffer.from('request');
async function* one(): AsyncGenerator<Uint8Array> {
  yield request;
}

/** Answers the requests of streams, and waits for ever at the end. */
const endless: Service = async function* (_path, requests, { signal }) {
  yield* requests;
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('left'))));
};

interface Road {
  readonly upstream: string;
  /** From now on no byte passes on the connections there are, and none of them is closed. */
  freeze(): void;
  close(): void;
}

/** A way to a server that can be lost without a word, as by a cable that is cut. */
async function startRoad(to: string): Promise<Road> {
  const pairs: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(Number(to.split(':')[1]), '127.0.0.1');
    pairs.push([near, far]);
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  return {
    upstream: await listen(server),
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    close() {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const within = <T>(promise: Promise<T>) => Promise.race([promise, sleep(SOON_MS, undefined, { ref: false })]);

const test = suite('a service that is gone without a word');

test('calls under way end UNAVAILABLE, and the next one takes a new connection', async () => {
  const grpc = await startGrpcServer(sampleRegistry, endless);
  const road = await startRoad(grpc.address);
  const transport = createWireTransport({ upstream: road.upstream, keepalive: INTERVAL_MS });
  const stream = transport.stream(call(), one());
  const messages = stream.messages[Symbol.asyncIterator]();
  await messages.next();
  const unary = transport.unary(call(), request);
  road.freeze();
  assert.is((await within(unary))?.status.code, 14);
  assert.is((await within(messages.next()))?.done, true);
  assert.is((await within(stream.end))?.status.code, 14);
  const again = transport.stream(call(), one()).messages[Symbol.asyncIterator]();
  assert.equal(Buffer.from((await within(again.next()))?.value ?? []).toString(), 'request');
  await transport.close();
  road.close();
  grpc.close();
});

test('a call that waits long stays where pings are answered', async () => {
  const grpc = await startGrpcServer(sampleRegistry, endless);
  const transport = createWireTransport({ upstream: grpc.address, keepalive: INTERVAL_MS / 3 });
  const { messages, end } = transport.stream(call(), one());
  await messages[Symbol.asyncIterator]().next();
  assert.is(await Promise.race([end, sleep(4 * INTERVAL_MS, 'under way')]), 'under way');
  await transport.close();
  grpc.close();
});

test('pings go while a call is under way, and at no other time', async () => {
  let pings = 0;
  const server = createHttp2Server();
  server.on('session', (session) => session.on('ping', () => pings++));
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    setTimeout(() => stream.close(), 4 * INTERVAL_MS);
  });
  const upstream = await listen(server as unknown as Server);
  const transport = createWireTransport({ upstream, keepalive: INTERVAL_MS });
  assert.ok(await transport.ready(1000));
  await sleep(3 * INTERVAL_MS);
  assert.is(pings, 0, 'before it');
  await transport.unary(call(), request);
  assert.ok(pings >= 1, 'during it');
  // One that was on its way as the call ended may still arrive.
  await sleep(INTERVAL_MS);
  const during = pings;
  await sleep(3 * INTERVAL_MS);
  assert.is(pings, during, 'after it');
  await transport.close();
  server.close();
});

test.run();
