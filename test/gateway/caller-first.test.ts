import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import { type HttpRequest, send } from './support/http-client.js';
import { createLocalTransport, ServiceFailure } from './support/local-transport.js';
import { thingsImage } from './support/things.js';

/** By key, what the service says before it reads anything: nothing where it lets the caller in. */
const SAID: Readonly<Record<string, number>> = { 'Bearer out': 16, 'Bearer less': 7, 'Bearer down': 14 };

let called = 0;
const transport = createLocalTransport(async function* (_path, _requests, { metadata }) {
  called += 1;
  const key = metadata.find(([name]) => name === 'authorization')?.[1];
  const code = typeof key === 'string' ? SAID[key] : 16;
  yield* [];
  throw new ServiceFailure({ code: code ?? 3, message: code === undefined ? 'not a message' : 'not you' });
});

const UNREADABLE: Record<string, [path: string, request: HttpRequest]> = {
  'a body that is not JSON': ['/v1/things', { method: 'POST', body: '{' }],
  'a field of a wrong type': ['/v1/things', { method: 'POST', body: '{"fullName":1}' }],
  'a parameter of a wrong type': ['/v1/things?pageSize=x', {}],
  'a stream from nowhere': ['/v1/things/7/events', { headers: { 'Last-Event-ID': 'x' } }],
};

const first = suite<{ server: GatewayServer; plain: GatewayServer }>('the caller first');
first.before(async (context) => {
  const start = (callerFirst: boolean) => {
    const settings = {
      default: 'it',
      contracts: {
        it: { package: 'things.v1', types: 'strict' as const, streamErrors: 'plain' as const, callerFirst },
      },
    };
    const handler = createGateway({ image: thingsImage, transport, settings });
    return startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
  };
  context.server = await start(true);
  context.plain = await start(false);
});
first.after(async ({ server, plain }) => {
  await Promise.all([server.close(), plain.close()]);
});

for (const [what, [path, request]] of Object.entries(UNREADABLE)) {
  const as = (key: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, Authorization: `Bearer ${key}` },
  });

  first(`${what}: who may not call is told that`, async ({ server }) => {
    assert.is((await send(server.port, path, request)).status, 401);
    assert.is((await send(server.port, path, as('out'))).status, 401);
    const less = await send(server.port, path, as('less'));
    assert.equal([less.status, (less.json as { message: string }).message], [403, 'not you']);
  });

  first(
    `${what}: who may is told what is wrong, whether the service can say so or not`,
    async ({ server }) => {
      for (const key of ['in', 'down']) {
        const { status, text } = await send(server.port, path, as(key));
        assert.is(status, 400);
        assert.not.match(text, /not a message|not you/);
      }
    },
  );

  first(`${what}: without the setting the service is not asked`, async ({ plain }) => {
    called = 0;
    assert.is((await send(plain.port, path, as('out'))).status, 400);
    assert.is(called, 0);
  });
}

first.run();
