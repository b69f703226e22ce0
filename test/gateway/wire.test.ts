import { readFileSync } from 'node:fs';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerCredentials } from '@grpc/grpc-js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallOptions, Metadata, Transport } from '../../gateway/transport.js';
import { createFrameReader, frame } from '../../gateway/wire/frames.js';
import { createWireTransport } from '../../gateway/wire.js';
import { root } from '../support/root.js';
import { sampleRegistry } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { type GrpcServer, startGrpcServer } from './support/grpc-server.js';
import { type Service, ServiceFailure } from './support/local-transport.js';

const test = suite<{ open: (service: Service) => Promise<Transport>; opened: (() => void)[] }>('the wire');
test.before.each((context) => {
  context.opened = [];
  context.open = async (service) => {
    const server = await startGrpcServer(sampleRegistry, service);
    const transport = createWireTransport({ upstream: server.address });
    context.opened.push(() => transport.close(), server.close);
    return transport;
  };
});
test.after.each(({ opened }) => {
  for (const close of opened) close();
});

const call = (more: Partial<CallOptions> = {}): CallOptions => ({
  path: '/sample.v1.EchoService/Echo',
  metadata: [],
  deadline: undefined,
  signal: new AbortController().signal,
  ...more,
});
const request = Buffer.from('request');
async function* both(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  yield Buffer.from('b');
}
const echo: Service = async function* (_path, requests) {
  for await (const each of requests) yield each;
};
const waiting: Service = async function* (_path, _requests, { signal }) {
  await new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('aborted'))),
  );
};

test('a call carries its message, metadata both ways, and trailers', async ({ open }) => {
  let seen: Metadata = [];
  const transport = await open(async function* (_path, requests, { metadata, header, trailer }) {
    seen = metadata;
    header.push(['x-many', 'one'], ['x-many', 'two'], ['x-raw-bin', Uint8Array.of(0xff, 0, 0x7f)]);
    trailer.push(['x-end', 'e'], ['x-end-bin', Uint8Array.of(1)]);
    yield* requests;
  });
  const metadata: Metadata = [
    ['authorization', 'Bearer k'],
    ['x-data-bin', Uint8Array.of(0, 255)],
  ];
  const reply = await transport.unary(call({ metadata }), request);
  assert.equal(reply.status, { code: 0, message: 'OK', details: undefined });
  assert.equal(Buffer.from(reply.message ?? []).toString(), 'request');
  const names = new Map(seen);
  assert.is(names.get('authorization'), 'Bearer k');
  assert.equal([...(names.get('x-data-bin') as Buffer)], [0, 255]);
  assert.equal(
    reply.header.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    [
      ['x-many', 'one'],
      ['x-many', 'two'],
      ['x-raw-bin', [255, 0, 127]],
    ],
  );
  assert.equal(
    reply.trailer.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    [
      ['x-end', 'e'],
      ['x-end-bin', [1]],
    ],
  );
});

test('a failure keeps its code, its text in any language, and its details', async ({ open }) => {
  const details = Uint8Array.of(8, 5);
  const transport = await open(async function* (_path, requests) {
    yield* [];
    for await (const _ of requests);
    throw new ServiceFailure({ code: 5, message: 'nicht gefunden: „€“ 100%', details });
  });
  const { status, message } = await transport.unary(call(), request);
  assert.is(status.code, 5);
  assert.is(status.message, 'nicht gefunden: „€“ 100%');
  assert.equal([...(status.details ?? [])], [8, 5]);
  assert.is(message, undefined);
});

test('streams go both ways, and end with their status', async ({ open }) => {
  const transport = await open(echo);
  const reply = transport.stream(call(), both());
  const seen: string[] = [];
  for await (const message of reply.messages) seen.push(Buffer.from(message).toString());
  assert.equal(seen, ['a', 'b']);
  assert.is((await reply.end).status.code, 0);
});

test('a reader that leaves cancels the call', async ({ open }) => {
  let cancelled = false;
  const transport = await open(async function* (_path, _requests, { signal }) {
    signal.addEventListener('abort', () => {
      cancelled = true;
    });
    for (;;) {
      yield Buffer.from('x');
      await sleep(5, undefined, { signal });
    }
  });
  for await (const _ of transport.stream(call(), both()).messages) break;
  await sleep(200);
  assert.ok(cancelled);
});

test('a broken stream of requests cancels the call rather than end it', async ({ open }) => {
  let complete = false;
  const transport = await open(async function* (_path, requests) {
    for await (const _ of requests);
    complete = true;
    yield Buffer.from('done');
  });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw new Error('broken');
  }
  const { status } = await transport.stream(call(), broken()).end;
  assert.is(status.code, 1);
  assert.not.ok(complete);
});

test('a deadline ends the call in time, and the service is told of it', async ({ open }) => {
  let left = 0;
  const transport = await open(async function* (path, requests, context) {
    left = (context.deadline ?? 0) - Date.now();
    yield* waiting(path, requests, context);
  });
  const started = Date.now();
  const { status } = await transport.unary(call({ deadline: started + 150 }), request);
  assert.equal(status, { code: 4, message: 'context deadline exceeded' });
  assert.ok(Date.now() - started < 400);
  assert.ok(left > 50 && left < 200);
});

test('a deadline that has passed makes no call', async ({ open }) => {
  const transport = await open(echo);
  assert.is((await transport.unary(call({ deadline: Date.now() - 1 }), request)).status.code, 4);
});

test('a caller that goes away cancels the call', async ({ open }) => {
  const transport = await open(waiting);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const { status } = await transport.unary(call({ signal: controller.signal }), request);
  assert.is(status.code, 1);
});

test('answers may have 32 MiB, and not a byte more', async ({ open }) => {
  const most = 32 * 1024 * 1024;
  const transport = await open(async function* (_path, requests) {
    for await (const size of requests) yield Buffer.alloc(Number(size.toString()), 7);
  });
  const good = await transport.unary(call(), Buffer.from(String(most)));
  assert.is(good.message?.length, most);
  const large = await transport.unary(call(), Buffer.from(String(most + 1)));
  assert.is(large.status.code, 8);
  assert.is(large.message, undefined);
});

test('an upstream that is not there is UNAVAILABLE at once, without its address', async () => {
  const transport = createWireTransport({ upstream: '127.0.0.1:1' });
  const started = Date.now();
  const reply = await transport.unary(call(), request);
  assert.equal(reply.status, { code: 14, message: 'the service cannot be reached' });
  const stream = transport.stream(call(), both());
  assert.is((await stream.end).status.code, 14);
  assert.ok(Date.now() - started < 1000);
  assert.not.ok(await transport.ready(100));
  await transport.close();
});

test('metadata that HTTP/2 refuses is the caller’s mistake', async ({ open }) => {
  const transport = await open(echo);
  const metadata: Metadata = [
    ['if-match', 'a'],
    ['if-match', 'b'],
  ];
  assert.is((await transport.unary(call({ metadata }), request)).status.code, 3);
});

test('an upstream that comes back is found again', async () => {
  const first = await startGrpcServer(sampleRegistry, echo);
  const transport = createWireTransport({ upstream: first.address });
  assert.is((await transport.unary(call(), request)).status.code, 0);
  first.close();
  await sleep(100);
  assert.is((await transport.unary(call(), request)).status.code, 14);
  const second = await startGrpcServer(sampleRegistry, echo, { address: first.address });
  const started = Date.now();
  let code = 14;
  while (code !== 0 && Date.now() - started < 15_000) {
    code = (await transport.unary(call(), request)).status.code;
    await sleep(50);
  }
  assert.is(code, 0);
  assert.ok(Date.now() - started < 5000);
  await transport.close();
  second.close();
});

test('a call under way when its upstream dies is UNAVAILABLE', async () => {
  const server = await startGrpcServer(sampleRegistry, waiting);
  const transport = createWireTransport({ upstream: server.address });
  setTimeout(server.close, 200);
  const { status } = await transport.unary(call(), request);
  assert.equal(status, { code: 14, message: 'the connection to the service was lost' });
  await transport.close();
});

test('several upstreams take turns, and one that is down is left out until it is back', async () => {
  const counts = [0, 0];
  const counting = (index: number): Service =>
    async function* (_path, requests) {
      counts[index] = (counts[index] ?? 0) + 1;
      yield* requests;
    };
  const servers: GrpcServer[] = [];
  for (const index of [0, 1]) servers.push(await startGrpcServer(sampleRegistry, counting(index)));
  const transport = createWireTransport({ upstream: servers.map(({ address }) => address).join(', ') });
  const run = async (times: number) => {
    let failed = 0;
    for (let round = 0; round < times; round++) {
      if ((await transport.unary(call(), request)).status.code !== 0) failed++;
    }
    return failed;
  };
  await run(4);
  await sleep(100);
  counts.fill(0);
  assert.is(await run(40), 0);
  assert.ok(Math.min(...counts) >= 15, String(counts));
  servers[1]?.close();
  await sleep(100);
  counts.fill(0);
  assert.is(await run(20), 0);
  assert.equal(counts, [20, 0]);
  const back = await startGrpcServer(sampleRegistry, counting(1), { address: servers[1]?.address ?? '' });
  for (let round = 0; round < 100 && counts[1] === 0; round++) {
    await run(2);
    await sleep(50);
  }
  assert.ok((counts[1] ?? 0) > 0);
  await transport.close();
  servers[0]?.close();
  back.close();
});

const pem = (name: string) => readFileSync(`${root}/test/gateway/fixtures/tls/${name}`);

test('TLS trusts only the authority given, and shows its own certificate where asked', async () => {
  const pair = { cert_chain: pem('server.crt'), private_key: pem('server.key') };
  const credentials = ServerCredentials.createSsl(pem('ca.crt'), [pair], true);
  const server = await startGrpcServer(sampleRegistry, echo, { credentials });
  const own = { cert: pem('client.crt'), key: pem('client.key') };
  const trusted = { ca: pem('ca.crt'), serverName: 'server.test' };
  const code = async (tls: object | undefined) => {
    const transport = createWireTransport({ upstream: server.address, ...(tls && { tls }) });
    const { status } = await transport.unary(call({ deadline: Date.now() + 3000 }), request);
    await transport.close();
    return status.code;
  };
  assert.is(await code({ ...trusted, ...own }), 0);
  assert.is(await code(trusted), 14, 'without a certificate of its own');
  assert.is(await code({ ...own, serverName: 'server.test' }), 14, 'by an unknown authority');
  assert.is(await code({ ...trusted, ...own, serverName: 'other.test' }), 14, 'by another name');
  assert.is(await code(undefined), 14, 'in the clear');
  server.close();
});

/** A server of HTTP/2 that is no gRPC service. */
async function withRaw(
  serve: (stream: ServerHttp2Stream) => void,
  use: (transport: Transport) => Promise<void>,
) {
  const server: Http2Server = createHttp2Server();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    serve(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = createWireTransport({ upstream: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  await use(transport);
  await transport.close();
  server.close();
}

function respondWith(stream: ServerHttp2Stream, bytes: readonly number[]): void {
  stream.respond();
  stream.write(Buffer.from(bytes));
}

const answers: [what: string, serve: (stream: ServerHttp2Stream) => void, code: number][] = [
  ['an HTTP error of a proxy', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), 14],
  [
    'a page of HTML',
    (stream) => stream.respond({ ':status': 404, 'content-type': 'text/html' }, { endStream: true }),
    12,
  ],
  ['no status at all', (stream) => stream.respond({ ':status': 200 }, { endStream: true }), 13],
  ['a status that is no number', (stream) => stream.respond({ 'grpc-status': 'x' }, { endStream: true }), 2],
  ['a reset', (stream) => stream.close(2), 13],
  ['a refusal', (stream) => stream.close(7), 14],
  ['a compressed message', (stream) => respondWith(stream, [1, 0, 0, 0, 0]), 13],
  ['a length beyond the limit', (stream) => respondWith(stream, [0, 255, 255, 255, 255]), 8],
];
for (const [what, serve, code] of answers) {
  test(`${what} is an honest code, for both kinds of calls`, async () => {
    await withRaw(serve, async (transport) => {
      assert.is((await transport.unary(call(), request)).status.code, code);
      const reply = transport.stream(call(), both());
      for await (const _ of reply.messages);
      assert.is((await reply.end).status.code, code);
    });
  });
}

test('binary metadata may come joined by commas, with or without padding', async () => {
  const serve = (stream: ServerHttp2Stream) => {
    stream.respond(
      { 'x-raw-bin': 'AQ==, Ag', 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end();
  };
  await withRaw(serve, async (transport) => {
    const { header } = await transport.unary(call(), request);
    assert.equal(
      header.map(([name, value]) => [name, [...(value as Uint8Array)]]),
      [
        ['x-raw-bin', [1]],
        ['x-raw-bin', [2]],
      ],
    );
  });
});

test('an upstream that takes connections and says nothing does not outlast the deadline', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = createWireTransport({ upstream: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  const started = Date.now();
  assert.is((await transport.unary(call({ deadline: started + 200 }), request)).status.code, 4);
  assert.ok(Date.now() - started < 1000);
  await transport.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('the sample service answers as it does in the same process', async ({ open }) => {
  const transport = await open(serveSample);
  const reply = await transport.unary(
    call({ path: '/sample.v1.IdentityService/GetIdentity' }),
    Buffer.from([10, 1, 97]),
  );
  assert.equal(reply.header, [['x-received', '{"id":"a"}']]);
});

test('frames are cut wherever the bytes are', () => {
  const bytes = Buffer.concat(['', 'a', 'bc', 'x'.repeat(300)].map((text) => frame(Buffer.from(text))));
  for (const size of [1, 2, 3, 5, 7, 100, bytes.length]) {
    const reader = createFrameReader(1000);
    const messages: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      messages.push(...reader.push(bytes.subarray(at, at + size)).map((message) => message.toString()));
    }
    assert.equal(messages, ['', 'a', 'bc', 'x'.repeat(300)]);
    assert.not.ok(reader.partial());
  }
});

test('a malformed upstream is refused at once', () => {
  for (const upstream of ['', 'localhost', 'a:1,,b:2', 'http://x:1/', 'x:port']) {
    assert.throws(() => createWireTransport({ upstream }), /is not host:port/, upstream);
  }
});

test.run();
