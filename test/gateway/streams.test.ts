import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import type { SettingsInput } from '../../gateway/settings.js';
import { createWireTransport } from '../../gateway/wire.js';
import { sampleImage, sampleRegistry } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { type GrpcServer, startGrpcServer } from './support/grpc-server.js';
import { send } from './support/http-client.js';
import { openStream } from './support/line-stream.js';
import { createLocalTransport, type Service } from './support/local-transport.js';
import { startThings } from './support/things.js';

const plain = {
  heartbeat: 60,
  default: 'it',
  contracts: {
    it: {
      package: 'things.v1',
      types: 'strict',
      streamErrors: 'plain',
      errors: { body: { failed: '$reason' } },
    },
  },
} satisfies SettingsInput;

const things = suite<{ server: GatewayServer }>('streams of a contract');
things.before(async (context) => {
  context.server = await startThings(plain);
});
things.after(({ server }) => server.close());

const watch = (query: string) => `/v1/things/7/events?${query}`;
const sse = { Accept: 'text/event-stream' };

things('lines are the default, and go by their own type where it is asked for', async ({ server }) => {
  for (const [accept, type] of [
    ['*/*', 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['text/event-stream;q=0.1, application/x-ndjson', 'application/x-ndjson'],
    ['text/event-stream;q=0, application/json;q=0.5', 'application/json'],
    ['text/html, nonsense;;q=x', 'application/json'],
  ] as const) {
    const answer = await send(server.port, watch('count=2'), { headers: { Accept: accept } });
    assert.is(answer.headers['content-type'], type, accept);
    assert.is(
      answer.text,
      '{"result":{"sequence":1,"stateName":"state 1"}}\n{"result":{"sequence":2,"stateName":"state 2"}}\n',
    );
  }
});

const bare = suite<{ server: GatewayServer }>('streams of bare messages');
bare.before(async (context) => {
  context.server = await startThings({
    ...plain,
    contracts: { it: { ...plain.contracts.it, streamMessages: 'bare' } },
  });
});
bare.after(({ server }) => server.close());

bare('a line is the message, and an error is told apart from it', async ({ server }) => {
  for (const accept of ['*/*', 'application/x-ndjson']) {
    const answer = await send(server.port, watch('count=2&fail=5'), { headers: { Accept: accept } });
    assert.equal(answer.text.split('\n'), [
      '{"sequence":1,"stateName":"state 1"}',
      '{"sequence":2,"stateName":"state 2"}',
      '{"error":{"failed":"BROKEN"}}',
      '',
    ]);
  }
});

bare.run();

things('server-sent events carry the bare message, and the id that the option names', async ({ server }) => {
  const answer = await send(server.port, watch('count=2'), { headers: sse });
  assert.is(answer.status, 200);
  assert.is(answer.headers['content-type'], 'text/event-stream');
  assert.is(answer.headers['cache-control'], 'no-store');
  assert.is(
    answer.text,
    'id: 1\ndata: {"sequence":1,"stateName":"state 1"}\n\nid: 2\ndata: {"sequence":2,"stateName":"state 2"}\n\n',
  );
});

things('Last-Event-ID fills the field that the option names, and beats the query', async ({ server }) => {
  const answer = await send(server.port, watch('count=3&afterSequence=1'), {
    headers: { ...sse, 'Last-Event-ID': '2' },
  });
  assert.is(answer.text, 'id: 3\ndata: {"sequence":3,"stateName":"state 3"}\n\n');
});

things('a resumed stream with nothing left is 204 for events, and empty for lines', async ({ server }) => {
  const events = await send(server.port, watch('count=3'), { headers: { ...sse, 'Last-Event-ID': '3' } });
  assert.is(events.status, 204);
  assert.is(events.text, '');
  const lines = await send(server.port, watch('count=3&afterSequence=3'));
  assert.is(lines.status, 200);
  assert.is(lines.text, '');
  assert.is(lines.headers['content-type'], undefined);
});

things('a Last-Event-ID that is none is refused', async ({ server }) => {
  for (const id of ['x', '1.5', '0x10', '99999999999', '1&count=9']) {
    const answer = await send(server.port, watch('count=3'), { headers: { ...sse, 'Last-Event-ID': id } });
    assert.is(answer.status, 400, id);
    assert.equal(answer.json, { failed: 'INVALID_INPUT' });
  }
});

things('an error before the first message is the plain body with its status', async ({ server }) => {
  for (const headers of [{}, sse]) {
    const answer = await send(server.port, watch('fail=5'), { headers });
    assert.is(answer.status, 404);
    assert.is(answer.headers['content-type'], 'application/json');
    assert.is(answer.text, '{"failed":"BROKEN"}');
  }
});

things('an error after it is the last line, or the last event', async ({ server }) => {
  const lines = await send(server.port, watch('count=1&fail=5'));
  assert.is(lines.status, 200);
  assert.is(lines.text.split('\n')[1], '{"error":{"failed":"BROKEN"}}');
  const events = await send(server.port, watch('count=1&fail=5'), { headers: sse });
  assert.ok(events.text.endsWith('\n\nevent: error\ndata: {"failed":"BROKEN"}\n\n'));
});

things('a silent stream of events gets comments, and an error is then an event', async ({ server }) => {
  const stream = await openStream(server.port, watch('count=1&pauseMs=300&fail=5'), sse);
  assert.is(stream.response.statusCode, 200);
  const lines = await stream.rest();
  assert.ok(lines.filter((line) => line === ':').length >= 2);
  assert.ok(lines.includes('id: 1'));
  assert.ok(lines.includes('event: error'));
});

things('HEAD of a stream is its headers', async ({ server }) => {
  const answer = await send(server.port, watch('count=2000000&pauseMs=1'), { method: 'HEAD', headers: sse });
  assert.is(answer.status, 200);
  assert.is(answer.headers['content-type'], 'text/event-stream');
  assert.is(answer.text, '');
});

things.run();

const connections = {
  local: async () => ({ transport: createLocalTransport(serveSample), grpc: undefined }),
  wire: async () => {
    const grpc: GrpcServer = await startGrpcServer(sampleRegistry, serveSample);
    return { transport: createWireTransport({ upstream: grpc.address }), grpc };
  },
};

for (const [name, connect] of Object.entries(connections)) {
  const test = suite<{ server: GatewayServer; close: () => Promise<void> }>(`streams over ${name}`);
  test.before(async (context) => {
    const { transport, grpc } = await connect();
    const handler = createGateway({ image: sampleImage, transport });
    context.server = await startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
    context.close = async () => {
      await context.server.close(0);
      await transport.close();
      grpc?.close();
    };
  });
  test.after(({ close }) => close());

  const counts = async (port: number) => {
    const { json } = await send(port, '/v1/inspect');
    const { openStreams, cancelledStreams } = json as { openStreams: string; cancelledStreams: string };
    return { open: Number(openStreams), cancelled: Number(cancelledStreams) };
  };
  const until = async (holds: () => Promise<boolean>) => {
    for (let round = 0; round < 40 && !(await holds()); round++) await sleep(50);
    assert.ok(await holds());
  };

  test('every message before an error arrives, however slowly they are read', async ({ server }) => {
    for (const after of [1, 2, 3, 10]) {
      const { text } = await send(server.port, `/v1/failstream/5?after=${after}&message=gone`);
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.equal(
        lines.slice(0, -1).map(({ result }) => result.sequence),
        Array.from({ length: after }, (_, index) => String(index)),
      );
      assert.equal(lines.at(-1), { error: { code: 5, message: 'gone', details: [] } });
    }
  });

  test('an error before the first message is wrapped, as in Go', async ({ server }) => {
    const answer = await send(server.port, '/v1/failstream/5?message=gone');
    assert.is(answer.status, 404);
    assert.equal(answer.json, { error: { code: 5, message: 'gone', details: [] } });
  });

  test('a client that leaves cancels the call', async ({ server }) => {
    const before = await counts(server.port);
    const stream = await openStream(server.port, '/v1/tenants/t/identities:watch?count=0&interval_ms=10');
    await stream.next();
    stream.leave();
    await until(async () => (await counts(server.port)).cancelled === before.cancelled + 1);
    assert.is((await counts(server.port)).open, before.open);
  });

  test('answers of a stream both ways come while requests still go', async ({ server }) => {
    let write: (text: string) => void = () => {};
    let end: () => void = () => {};
    const stream = await openStream(
      server.port,
      '/v1/chat',
      {},
      (request) => {
        write = (text) => request.write(text);
        end = () => request.end();
        write('{"name":"a"}\n');
      },
      'POST',
    );
    assert.equal(JSON.parse((await stream.next()) ?? '').result.name, 're:a');
    write('{"name":"b"}\n{"na');
    assert.equal(JSON.parse((await stream.next()) ?? '').result.name, 're:b');
    write('me":"c"}');
    end();
    assert.equal(JSON.parse((await stream.next()) ?? '').result.name, 're:c');
    assert.is(await stream.next(), undefined);
  });

  test('after a bad item in a stream both ways the rest is answered, and the error told', async ({
    server,
  }) => {
    const { text } = await send(server.port, '/v1/chat', { method: 'POST', body: '{"name":"a"}\n{bad' });
    const [first, last] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.is(first.result.name, 're:a');
    assert.is(last.error.code, 3);
    assert.is((await send(server.port, '/v1/chat', { method: 'POST', body: '[]' })).status, 400);
  });

  test('a bad item in a stream of requests is the answer, and the call is cancelled', async ({ server }) => {
    for (const body of ['{"name":"a"}\n{"name":5}', '{"name":"a"}]', '{"name":"a"', '"x"']) {
      const answer = await send(server.port, '/v1/upload', { method: 'POST', body });
      assert.is(answer.status, 400, body);
    }
  });

  test('a stream of requests may be empty', async ({ server }) => {
    const answer = await send(server.port, '/v1/upload', { method: 'POST' });
    assert.equal(answer.json, { count: 0, names: [] });
  });

  test('raw bodies stream as they are', async ({ server }) => {
    const answer = await send(server.port, '/v1/raw:stream?data=x&count=3&content_type=text/csv', {
      headers: sse,
    });
    assert.is(answer.headers['content-type'], 'text/csv');
    assert.is(answer.text, 'x0\nx1\nx2\n');
  });
  test.run();
}

/** A stream without end, and how many of its messages of 64 KiB were taken. */
function createFlood(): { service: Service; taken: () => number } {
  let taken = 0;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  // Field 2 of google.api.HttpBody.
  const message = Buffer.concat([Buffer.from([0x12, 0x80, 0x80, 0x04]), chunk]);
  const service: Service = async function* (_path, _requests, { signal }) {
    while (!signal.aborted) {
      taken++;
      yield message;
      await sleep(0);
    }
  };
  return { service, taken: () => taken };
}

const slow = suite('a client that does not read');

for (const name of ['local', 'wire']) {
  slow(`holds the service back over ${name}, and lets it go on when it reads again`, async () => {
    const { service, taken } = createFlood();
    const grpc = name === 'wire' ? await startGrpcServer(sampleRegistry, service) : undefined;
    const transport = grpc ? createWireTransport({ upstream: grpc.address }) : createLocalTransport(service);
    const handler = createGateway({ image: sampleImage, transport });
    const server = await startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
    const stream = await openStream(server.port, '/v1/raw:stream');
    stream.response.pause();
    let before = -1;
    for (let round = 0; round < 30 && taken() !== before; round++) {
      before = taken();
      await sleep(300);
    }
    assert.is(taken(), before, 'the service waits');
    assert.ok(before < 1000, `${before} messages of 64 KiB`);
    stream.response.resume();
    await sleep(300);
    assert.ok(taken() > before + 10, 'the service goes on');
    stream.leave();
    await server.close(0);
    await transport.close();
    grpc?.close();
  });
}
slow.run();
