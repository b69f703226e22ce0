// In a process of its own: its memory, and rejections that nobody handles, are its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GrpcServer, startGrpcServer } from '../../src/rpc/grpc/server.js';
import { LAB } from './lab/call.js';
import { dial } from './lab/client.js';
import { FLOODING_FRAMES, frameFlood, HEADER_BOMBS, headerBomb, openIdle, rapidReset } from './lab/floods.js';
import { createLab, encode, type Lab, type Loose } from './lab/lab.js';
import { heapInUse } from './lab/memory.js';
import { mutate, seeded } from './lab/mutate.js';
import { mutatedConnections } from './lab/mutated-connections.js';
import {
  exchange,
  grpcFrame,
  http2Frame,
  openHttp2,
  openSocket,
  PREFACE,
  request,
  wholeCall,
} from './lab/raw-http2.js';

interface Context {
  lab: Lab;
  grpc: GrpcServer;
  handled: Loose[];
}

const raw = suite<Context>('raw frames');

const unhandled: unknown[] = [];
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (reason) => unhandled.push(reason));

raw.before(async (context) => {
  context.handled = [];
  context.lab = createLab({
    echo: async (message) => {
      context.handled.push(message);
      return message;
    },
  });
  context.grpc = await startGrpcServer(context.lab.pipeline, { address: '127.0.0.1:0' });
});
raw.after.each(async ({ grpc, lab }) => {
  const client = dial(grpc.address);
  assert.is((await client.unary('Echo', { text: 'next' })).status.code, 0);
  client.close();
  assert.equal(unhandled, []);
  assert.equal(lab.logged, []);
});
raw.after(async ({ grpc }) => grpc.stop(200));

const OK = 0;
const INVALID = 3;
const EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
const hello = encode({ text: 'hello' });

const TABLE: readonly [
  what: string,
  status: number,
  frames: Uint8Array[],
  headers?: Record<string, string>,
][] = [
  ['a good frame', OK, [grpcFrame(hello)]],
  ['a good frame byte by byte', OK, [...grpcFrame(hello)].map((byte) => Buffer.from([byte]))],
  ['garbage for a message', INVALID, [grpcFrame(Buffer.from('garbage'))]],
  ['wrong UTF-8', INVALID, [grpcFrame(Buffer.from([0x12, 2, 0xc3, 0x28]))]],
  ['no message', INVALID, []],
  ['two messages', INVALID, [grpcFrame(hello), grpcFrame(hello)]],
  ['a frame that is cut off', INVALID, [grpcFrame(hello, { length: 100 })]],
  ['half a prefix', INVALID, [Buffer.from([0, 0, 0])]],
  ['a length of 4 GB', EXHAUSTED, [grpcFrame(hello, { length: 0xffffffff })]],
  ['a length of 2 MB', EXHAUSTED, [grpcFrame(hello, { length: 2 << 20 })]],
  // Known leniency of grpc-js: without an encoding the flag is not looked at.
  ['the compressed flag without an encoding', OK, [grpcFrame(hello, { flag: 1 })]],
  ['a flag that does not exist', OK, [grpcFrame(hello, { flag: 7 })]],
  ['gzip', OK, [grpcFrame(gzipSync(hello), { flag: 1 })], { 'grpc-encoding': 'gzip' }],
  ['broken gzip', INVALID, [grpcFrame(hello, { flag: 1 })], { 'grpc-encoding': 'gzip' }],
  [
    'a gzip bomb',
    EXHAUSTED,
    [grpcFrame(gzipSync(Buffer.alloc(64 << 20)), { flag: 1 })],
    { 'grpc-encoding': 'gzip' },
  ],
  [
    'a deflate bomb',
    EXHAUSTED,
    [grpcFrame(deflateSync(Buffer.alloc(64 << 20)), { flag: 1 })],
    { 'grpc-encoding': 'deflate' },
  ],
  ['an unknown encoding', UNIMPLEMENTED, [grpcFrame(hello, { flag: 1 })], { 'grpc-encoding': 'br' }],
  ['a time that is none', INVALID, [grpcFrame(hello)], { 'grpc-timeout': 'soon' }],
  // Known leniency of grpc-js: the specification allows eight digits.
  ['a time of nine digits', OK, [grpcFrame(hello)], { 'grpc-timeout': '123456789S' }],
  ['a time that is over', 4, [grpcFrame(hello)], { 'grpc-timeout': '1n' }],
  ['text in binary metadata', OK, [grpcFrame(hello)], { 'x-bin': '!!!not base64!!!' }],
  ['metadata that is no ASCII', OK, [grpcFrame(hello)], { 'x-name': 'é' }],
];

for (const [what, status, frames, headers] of TABLE) {
  raw(`${what} ends with ${status}`, async ({ grpc }) => {
    const session = openHttp2(grpc.address);
    const reply = await exchange(request(session, `${LAB}Echo`, headers), ...frames);
    session.destroy();
    assert.is(reply.grpc, status, JSON.stringify(reply));
  });
}

/** A well-behaved client is answered within 250 ms; one of three tries may meet a busy machine. */
async function assertQuick(good: ReturnType<typeof dial>): Promise<void> {
  const times: number[] = [];
  for (let at = 0; at < 3; at++) {
    const started = Date.now();
    assert.is((await good.unary('Echo')).status.code, 0);
    times.push(Date.now() - started);
  }
  assert.ok(times.filter((ms) => ms < 250).length >= 2, `${times} ms`);
}

raw('a request that is no gRPC is told so', async ({ grpc }) => {
  const session = openHttp2(grpc.address);
  assert.is(
    (await exchange(request(session, `${LAB}Echo`, { 'content-type': 'application/json' }))).http,
    415,
  );
  assert.is(
    (await exchange(request(session, '/', { ':method': 'GET' }), grpcFrame(hello))).grpc,
    UNIMPLEMENTED,
  );
  session.destroy();
});

raw('a key that is no ASCII is refused and shown nowhere', async ({ grpc }) => {
  const written: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  const session = openHttp2(grpc.address);
  const reply = await exchange(
    request(session, `${LAB}Echo`, { authorization: 'Bearer canary-é' }),
    grpcFrame(hello),
  );
  session.destroy();
  process.stderr.write = write;
  assert.is(reply.grpc, 16);
  assert.equal(written, []);
});

raw('two authorization headers are none', async ({ grpc, handled }) => {
  const call = async (...keys: string[]) => {
    handled.length = 0;
    const { socket } = openSocket(grpc.address);
    socket.write(wholeCall(`${LAB}Echo`, hello, keys));
    await sleep(150);
    socket.destroy();
    return handled.length;
  };
  assert.is(await call('reader'), 1);
  assert.is(await call('reader', 'reader'), 0);
  assert.is(await call('reader', 'nobody'), 0);
});

/** What ends a connection of HTTP/2: a header block that is none, settings of two bytes, data of no call. */
const BROKEN_RULES = [
  http2Frame(1, 4, 1, Buffer.alloc(8, 0xff)),
  http2Frame(4, 0, 0, Buffer.alloc(2)),
  http2Frame(0, 1, 1, grpcFrame(hello)),
].map((frame) => Buffer.concat([PREFACE, frame]));

raw(
  'connections that do not speak HTTP/2, or badly, are closed within 10 seconds, and harm nobody',
  async ({ grpc }) => {
    const garbage = Buffer.alloc(65_536, 'garbage ');
    const sockets = Array.from({ length: 60 }, (_, at) => {
      const opened = openSocket(grpc.address);
      // Of six the last says nothing at all.
      const said = [garbage, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', ...BROKEN_RULES][at % 6];
      if (said !== undefined) opened.socket.write(said);
      return opened;
    });
    const client = dial(grpc.address);
    assert.is((await client.unary('Echo', {}, { deadline: Date.now() + 1000 })).status.code, 0);
    client.close();
    const took = await Promise.all(sockets.map(({ closed }) => closed));
    assert.ok(Math.max(...took) < 10_000, `${Math.max(...took)} ms`);
  },
);

raw('a connection that is reset amid its handshake harms nobody', async ({ grpc }) => {
  const opened = Array.from({ length: 20 }, () => openSocket(grpc.address));
  for (const { socket } of opened) socket.write(PREFACE.subarray(0, 10), () => socket.resetAndDestroy());
  await Promise.all(opened.map(({ closed }) => closed));
});

raw('metadata bombs are bounded, and other clients go on', async ({ grpc }) => {
  const good = dial(grpc.address);
  const before = process.memoryUsage().rss;
  for (const headers of HEADER_BOMBS) {
    for (const { grpc: status, reset, http } of await headerBomb(grpc.address, `${LAB}Echo`, headers))
      assert.ok(status !== 2 && status !== 13, JSON.stringify({ status, reset, http }));
    await assertQuick(good);
  }
  good.close();
  assert.ok(process.memoryUsage().rss - before < 50e6);
});

raw('a call without a key is refused before its request is read', async ({ grpc }) => {
  const session = openHttp2(grpc.address);
  for (const method of ['Echo', 'Count', 'Collect', 'Chat']) {
    const stream = request(session, LAB + method, { authorization: 'Bearer nobody' });
    stream.write(Buffer.from([0, 0, 1, 0, 0, 1, 2, 3]));
    const status = await new Promise((resolve) => {
      stream.on('trailers', (headers) => resolve(headers['grpc-status']));
      stream.resume();
    });
    assert.is(Number(status), 16, method);
  }
  session.destroy();
});

raw('floods of pings and settings end their connection, and harm nobody', async ({ grpc }) => {
  const good = dial(grpc.address);
  for (const frame of FLOODING_FRAMES) {
    const before = process.memoryUsage().rss;
    let lots = 0;
    for await (const _ of frameFlood(grpc.address, frame)) if (lots++ % 20 === 0) await assertQuick(good);
    assert.ok(process.memoryUsage().rss - before < 50e6);
  }
  good.close();
});

raw('a thousand idle connections harm nobody', async ({ grpc }) => {
  const leave = openIdle(grpc.address, 1000);
  await sleep(300);
  const good = dial(grpc.address);
  for (let at = 0; at < 5; at++) await assertQuick(good);
  good.close();
  await leave();
});

raw('a client that resets its calls as fast as it can is cut off, and others go on', async ({ grpc }) => {
  const good = dial(grpc.address);
  assert.ok(await rapidReset(grpc.address, `${LAB}Echo`), 'never cut off');
  const started = Date.now();
  assert.is((await good.unary('Echo')).status.code, 0);
  assert.ok(Date.now() - started < 500);
  good.close();
});

raw('of many calls that are reset as they begin most are never begun', async () => {
  let begun = 0;
  const authenticate = async () => {
    begun++;
    return undefined;
  };
  const { pipeline } = createLab({}, { authenticate });
  const other = await startGrpcServer(pipeline, { address: '127.0.0.1:0' });
  const session = openHttp2(other.address);
  await new Promise((resolve) => session.once('connect', resolve));
  for (let at = 0; at < 600; at++) request(session, `${LAB}Echo`).close(8);
  const last = await exchange(request(session, `${LAB}Echo`), grpcFrame(hello));
  assert.is(last.grpc, 16, 'the one that stays is served');
  assert.ok(begun > 0 && begun < 300, `${begun} of 600`);
  session.destroy();
  await other.stop(200);
});

raw(
  '10,000 mutations of good frames and messages end with a status that is no fault of ours',
  async ({ grpc }) => {
    const seed = Number(process.env.FACET_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = seeded(seed);
    const good = [
      {
        text: 'hello',
        id: 'x',
        item: { value: 'v', kind: 'k' },
        items: [{ value: 'a', kind: 'b' }],
        tags: ['t'],
      },
      {
        traits: { a: [1, 'x', null, { b: true }], '': {} },
        labels: { k: 'v' },
        byName: { n: { value: 'v', kind: 'k' } },
      },
      {
        time: { seconds: 1n, nanos: 5 },
        choice: { case: 'left', value: 'l' },
        numbers: [1, 2, 300],
        wrapped: 'w',
      },
    ].map((message) => Buffer.from(encode(message)));
    const session = openHttp2(grpc.address);
    let before = 0;
    const codes = new Map<string, number>();
    for (let round = 0; round < 100; round++) {
      if (round === 20) {
        before = heapInUse();
      }
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const message = good[Math.floor(random() * good.length)]!;
          const frame =
            random() < 0.5 ? mutate(grpcFrame(message), random) : grpcFrame(mutate(message, random));
          const { grpc: code, http, reset } = await exchange(request(session, `${LAB}Echo`), frame);
          const key = code === undefined ? `http ${http} reset ${reset}` : String(code);
          codes.set(key, (codes.get(key) ?? 0) + 1);
        }),
      );
    }
    session.destroy();
    const seen = JSON.stringify(Object.fromEntries(codes));
    // 5: a mutation put NUL in an id; 8: it made a length of more than may be sent.
    for (const key of codes.keys()) assert.ok(['0', '3', '5', '8'].includes(key), `seed ${seed}: ${seen}`);
    assert.ok(codes.get('0')! > 100 && codes.get('3')! > 100, seen);
    const grown = heapInUse() - before;
    assert.ok(grown < 5e6, `${grown} bytes more`);
  },
);

raw('connections whose bytes were mutated harm nobody', async ({ grpc }) => {
  const seed = Number(process.env.FACET_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const good = dial(grpc.address);
  const call = wholeCall(`${LAB}Echo`, hello, ['writer']);
  await mutatedConnections(grpc.address, call, 500, seeded(seed));
  assert.is((await good.unary('Echo')).status.code, 0, `seed ${seed}`);
  good.close();
});

raw.run();
