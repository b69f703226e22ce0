import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import { buildImage } from './support/build-image.js';
import { send } from './support/http-client.js';
import { createLocalTransport } from './support/local-transport.js';

/** Three contracts that fight for /v1/identities, one more package that nobody names, and paths of their own. */
const service = (paths: Record<string, string>) => `
  message Empty { string id = 1; }
  service Things {
    ${Object.entries(paths)
      .map(([name, rule]) => `rpc ${name}(Empty) returns (Empty) { option (google.api.http) = {${rule}}; }`)
      .join('\n')}
  }`;
const image = buildImage({
  'red.v1': service({
    Get: 'get: "/v1/identities/{id}"',
    OnlyRed: 'get: "/v1/red"',
    Shared: 'get: "/v1/shared"',
  }),
  'blue.v1': service({
    Get: 'get: "/v1/identities/{id}"',
    Profile: 'get: "/v1/profiles/{id}"',
    Shared: 'post: "/v1/pair"',
  }),
  'green.v1': service({ Put: 'put: "/v1/identities/{id}"', Pair: 'get: "/v1/pair"' }),
  'rest.v1': service({ Health: 'get: "/v1/health"' }),
});

const test = suite<{ server: GatewayServer }>('choice of a contract');
test.before(async (context) => {
  const body = (name: string) => ({ body: { by: name } });
  const handler = createGateway({
    image,
    // The service tells which of them was called.
    transport: createLocalTransport(async function* (path, _requests, call) {
      call.header.push(['called', path]);
      yield new Uint8Array();
    }),
    settings: {
      default: 'red',
      keyPattern: '^key_([a-z]+)_',
      contracts: {
        red: { package: 'red.v1', errors: body('red') },
        blue: { package: 'blue.v1', errors: body('blue'), challenge: 'Bearer' },
        green: { package: 'green.v1', errors: body('green') },
      },
    },
  });
  context.server = await startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
});
test.after(({ server }) => server.close());

const rows: [what: string, request: string, key: string | undefined, answer: string][] = [
  ['the default answers where nothing else is said', 'GET /v1/identities/1', undefined, '/red.v1.Things/Get'],
  ['the key names the contract', 'GET /v1/identities/1', 'key_blue_x', '/blue.v1.Things/Get'],
  ['the prefix goes before the key', 'GET /api/red/v1/identities/1', 'key_blue_x', '/red.v1.Things/Get'],
  ['a key of no contract goes to the default', 'GET /v1/identities/1', 'key_pink_x', '/red.v1.Things/Get'],
  ['a JWT goes to the default', 'GET /v1/identities/1', 'eyJhbGciOi.J9.x', '/red.v1.Things/Get'],
  [
    'a path of one contract alone works with every key',
    'GET /v1/profiles/1',
    'key_green_x',
    '/blue.v1.Things/Profile',
  ],
  ['and without a key', 'GET /v1/profiles/1', undefined, '/blue.v1.Things/Profile'],
  ['and so does one that no contract names', 'GET /v1/health', 'key_blue_x', '/rest.v1.Things/Health'],
  ['the chosen contract knows the path, so its 405 stands', 'PUT /v1/identities/1', undefined, '405 red'],
  ['a path that two others claim is nobody’s', 'GET /v1/pair', undefined, '404 red'],
  ['unless the key says whose', 'GET /v1/pair', 'key_green_x', '/green.v1.Things/Pair'],
  ['a 405 of the one that alone knows the path', 'POST /v1/profiles/1', undefined, '405 blue'],
  ['a prefix is not left for another contract', 'GET /api/green/v1/profiles/1', undefined, '404 green'],
  ['an unknown path has the shape of the chosen contract', 'GET /nope', 'key_blue_x', '404 blue'],
  ['a prefix of no contract is a path like any other', 'GET /api/pink/v1/identities/1', undefined, '404 red'],
  ['the prefix alone is nothing', 'GET /api/blue', undefined, '404 blue'],
];
for (const [what, request, key, expected] of rows) {
  test(`${what}: ${request}`, async ({ server }) => {
    const [method = '', path = ''] = request.split(' ');
    const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const answer = await send(server.port, path, { method, headers });
    const called = answer.headers['grpc-metadata-called'];
    assert.is(called ?? `${answer.status} ${(answer.json as { by: string }).by}`, expected);
  });
}

test('of 1,000 random requests none is served by another contract than the rule says', async ({ server }) => {
  const contracts = ['red', 'blue'] as const;
  for (let round = 0; round < 1000; round++) {
    const prefix = round % 3 === 0 ? contracts[((round / 3) % 2) | 0] : undefined;
    const key = round % 2 === 0 ? contracts[((round / 2) % 2) | 0] : undefined;
    const path = `${prefix === undefined ? '' : `/api/${prefix}`}/v1/identities/${round}`;
    const headers: Record<string, string> =
      key === undefined ? {} : { Authorization: `Bearer key_${key}_${round}` };
    const answer = await send(server.port, path, { headers });
    assert.is(answer.headers['grpc-metadata-called'], `/${prefix ?? key ?? 'red'}.v1.Things/Get`);
  }
});

test.run();
