// In a process of its own: rejections that nobody handles are its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGrpcServer } from '../../src/rpc/grpc/server.js';
import { ended } from './lab/call.js';
import { dial, metadataOf, readAll } from './lab/client.js';
import { createLab, type LabImplementation } from './lab/lab.js';

const server = suite('grpc server');
const cleanUp: (() => unknown)[] = [];
server.after.each(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
server.after(() => assert.equal(unhandled, []));

async function start(
  handlers: Partial<LabImplementation> = {},
  options: Parameters<typeof createLab>[1] = {},
) {
  const lab = createLab(handlers, options);
  const grpc = await startGrpcServer(lab.pipeline, { address: '127.0.0.1:0' });
  const client = dial(grpc.address);
  cleanUp.push(() => grpc.stop(100));
  cleanUp.push(() => lab.pipeline.stop(50));
  cleanUp.push(() => client.close());
  return { ...lab, grpc, client };
}

server('a unary call is answered, with the request id as initial metadata', async () => {
  const { client } = await start();
  const { status, message, header } = await client.unary(
    'Echo',
    { text: 'hi' },
    { metadata: metadataOf('reader', { 'x-request-id': 'r-1' }) },
  );
  assert.is(status.code, 0);
  assert.is(message.text, 'hi');
  assert.equal(header?.get('x-request-id'), ['r-1']);
});

server(
  'a refused call carries the details in its trailer and the request id as initial metadata',
  async () => {
    const { client } = await start();
    const { status, header } = await client.unary(
      'Echo',
      { text: 'x'.repeat(21) },
      { metadata: metadataOf('reader', { 'x-request-id': 'r-2' }) },
    );
    const end = ended(status);
    assert.is(end.reason, 'INVALID_INPUT');
    assert.is(end.requestId, 'r-2');
    assert.is(end.violations[0]?.field, 'text');
    assert.equal(header?.get('x-request-id'), ['r-2']);
  },
);

server('an empty request and an empty answer are messages like others', async () => {
  const { client } = await start();
  const { status, message } = await client.unary('Echo', new Uint8Array());
  assert.is(status.code, 0);
  assert.ok(message);
});

server('each kind of stream is carried', async () => {
  const { client } = await start();
  const count = client.open('Count');
  count.send({ count: 3n });
  count.finish();
  assert.is((await readAll(count)).messages.length, 3);
  const collect = client.open('Collect');
  for (const text of ['a', 'b']) collect.send({ text });
  collect.finish();
  assert.equal((await readAll(collect)).messages[0].tags, ['a', 'b']);
  const chat = client.open('Chat');
  for (const text of ['a', 'b', 'c']) chat.send({ text });
  chat.finish();
  const { messages, status } = await readAll(chat);
  assert.is(messages.length, 3);
  assert.is(status.code, 0);
});

server('a handler that stops reading goes on answering', async () => {
  const { client } = await start({
    async *chat(requests) {
      for await (const _request of requests) break;
      for (let at = 0; at < 3; at++) {
        yield { text: String(at) };
        await sleep(5);
      }
    },
  });
  const chat = client.open('Chat');
  for (let at = 0; at < 10; at++) chat.send({ text: 'x' });
  const { messages, status } = await readAll(chat);
  assert.is(messages.length, 3);
  assert.is(status.code, 0);
});

server('errors of streams come with their details, after the messages before them', async () => {
  const { client } = await start({
    async *count() {
      yield { text: '1' };
      throw new Error('canary');
    },
  });
  const count = client.open('Count');
  count.send({});
  count.finish();
  const { messages, status } = await readAll(count);
  assert.is(messages.length, 1);
  assert.is(ended(status).reason, 'INTERNAL');
  assert.not.match(JSON.stringify(status), 'canary');
});

server('unknown methods are UNIMPLEMENTED', async () => {
  const { client } = await start();
  for (const path of ['/a.B/C', '/facet.lab.v1.LabService/Nope', '/', '//', '/%00', `/${'x'.repeat(8000)}`]) {
    assert.is((await client.unary(path)).status.code, 12, path.slice(0, 40));
  }
});

server('keys are looked for in the metadata', async () => {
  const { client } = await start();
  assert.is(ended((await client.unary('Echo', {}, { key: '' })).status).code, 'UNAUTHENTICATED');
  assert.is(
    ended((await client.unary('Echo', {}, { key: 'x'.repeat(60_000) })).status).code,
    'UNAUTHENTICATED',
  );
});

server("the caller's deadline holds while the handler is stuck", async () => {
  const { client } = await start({ echo: () => new Promise(() => {}) });
  const started = Date.now();
  const { status } = await client.unary('Echo', {}, { deadline: started + 200 });
  assert.is(status.code, 4);
  assert.ok(Date.now() - started < 450);
});

server('a timeout of months does not end at once', async () => {
  const { client } = await start();
  const month = 30 * 24 * 3_600_000;
  for (const wait of [month, 100 * month]) {
    const { status } = await client.unary('Echo', { text: 'hi' }, { deadline: Date.now() + wait });
    assert.is(status.code, 0, status.message);
  }
});

server('of a request id that repeats the first one counts, as in the same process', async () => {
  const { client } = await start();
  const metadata = metadataOf('writer');
  for (const id of ['r-1', 'r-2']) metadata.add('x-request-id', id);
  const { header } = await client.unary('Echo', {}, { metadata });
  assert.equal(header?.get('x-request-id'), ['r-1']);
});

server('when the caller cancels, the handler is told', async () => {
  let aborted = 0;
  const { client } = await start({
    async *count(_request, call) {
      yield {};
      await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
      aborted++;
    },
    echo: (_request, call) =>
      new Promise((resolve) => {
        call.signal.addEventListener('abort', () => {
          aborted++;
          resolve({});
        });
      }),
  });
  const count = client.open('Count');
  count.send({});
  count.finish();
  await new Promise((resolve) => count.call.once('data', resolve));
  count.call.cancel();
  const call = client.client.makeUnaryRequest(
    '/facet.lab.v1.LabService/Echo',
    (b: Buffer) => b,
    (b) => b,
    Buffer.alloc(0),
    metadataOf('reader'),
    () => undefined,
  );
  await sleep(30);
  call.cancel();
  for (let wait = 0; aborted < 2 && wait < 100; wait++) await sleep(10);
  assert.is(aborted, 2);
});

server('when the connection breaks, the handler is told', async () => {
  let aborted = false;
  const { client } = await start({
    async *count(_request, call) {
      try {
        for (;;) {
          yield { blob: new Uint8Array(100_000) };
        }
      } finally {
        aborted = call.signal.aborted;
      }
    },
  });
  const count = client.open('Count');
  count.send({});
  count.finish();
  await new Promise((resolve) => count.call.once('data', resolve));
  client.close();
  count.call.cancel();
  for (let wait = 0; !aborted && wait < 100; wait++) await sleep(10);
  assert.ok(aborted);
});

server('the handler waits for a client that does not read', async () => {
  let made = 0;
  const { client } = await start({
    async *count() {
      for (; made < 1000; made++) yield { blob: new Uint8Array(50_000) };
    },
  });
  const count = client.open('Count');
  count.send({});
  count.finish();
  await new Promise((resolve) => count.call.once('readable', resolve));
  await sleep(100);
  const before = made;
  await sleep(200);
  // Flow control lets some through: the window, and one message on either side.
  assert.ok(made === before && made < 40, `${before} made, then ${made}`);
  const { messages, status } = await readAll(count);
  assert.is(messages.length, 1000);
  assert.is(status.code, 0);
});

server('a call whose message does not come is ended', async () => {
  const { client } = await start({}, { limits: { defaultDeadlineMs: 100 } });
  const started = Date.now();
  const count = client.open('Count');
  count.send({});
  assert.is(ended(await count.end).reason, 'DEADLINE_EXCEEDED');
  assert.ok(Date.now() - started < 400);
});

server('a request beyond 1 MiB is refused before it is read', async () => {
  const { client } = await start();
  const { status } = await client.unary('Echo', Buffer.alloc((1 << 20) + 1));
  assert.is(ended(status).reason, 'REQUEST_TOO_LARGE');
  assert.is((await client.unary('Echo')).status.code, 0);
});

server('an answer of many megabytes arrives', async () => {
  const { client } = await start({ echo: async () => ({ blob: new Uint8Array(3_000_000) }) });
  assert.is((await client.unary('Echo')).message.blob.length, 3_000_000);
});

server('stopping lets calls under way finish and ends streams UNAVAILABLE', async () => {
  const { client, grpc, pipeline } = await start({
    echo: async (request) => {
      await sleep(150);
      return request;
    },
    async *count(_request, call) {
      yield {};
      await sleep(60_000, undefined, { signal: call.signal });
    },
  });
  const count = client.open('Count');
  count.send({});
  count.finish();
  const read = readAll(count);
  const echo = client.unary('Echo', { text: 'late' });
  await sleep(50);
  const started = Date.now();
  await Promise.all([pipeline.stop(4500), grpc.stop(5000)]);
  assert.ok(Date.now() - started < 1000);
  assert.is((await echo).message?.text, 'late');
  assert.is(ended((await read).status).reason, 'SHUTTING_DOWN');
});

server('stopping cuts what does not end in time', async () => {
  const { client, grpc } = await start({ echo: () => new Promise(() => {}) });
  const echo = client.unary('Echo');
  await sleep(50);
  const started = Date.now();
  await grpc.stop(200);
  assert.ok(Date.now() - started < 600);
  assert.is.not((await echo).status.code, 0);
});

server('an address that is taken is refused at start', async () => {
  const { grpc, pipeline } = await start();
  await startGrpcServer(pipeline, { address: grpc.address }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /address/i),
  );
});

server('over TLS, callers must have a certificate where a CA is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1';
  const made = spawnSync('openssl', [...args.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'], {
    cwd: folder,
  });
  assert.is(made.status, 0, String(made.stderr));
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(folder, name))) as [
    Buffer,
    Buffer,
  ];
  const { pipeline } = createLab();
  const oneWay = await startGrpcServer(pipeline, { address: '127.0.0.1:0', tls: { cert, key } });
  const mutual = await startGrpcServer(pipeline, {
    address: '127.0.0.1:0',
    tls: { cert, key, clientCa: cert },
  });
  const code = async (address: string, creds: ReturnType<typeof credentials.createSsl>) => {
    const client = dial(address.replace('127.0.0.1', 'localhost'), creds);
    const { status } = await client.unary('Echo', {}, { deadline: Date.now() + 2000 });
    client.close();
    return status.code;
  };
  assert.is(await code(oneWay.address, credentials.createSsl(cert)), 0);
  assert.is(await code(mutual.address, credentials.createSsl(cert, key, cert)), 0);
  assert.is.not(await code(mutual.address, credentials.createSsl(cert)), 0);
  assert.is.not(await code(oneWay.address, credentials.createInsecure()), 0);
  await Promise.all([oneWay.stop(200), mutual.stop(200)]);
});

server.run();
