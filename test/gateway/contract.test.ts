import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GatewayServer } from '../../gateway/server.js';
import type { SettingsInput } from '../../gateway/settings.js';
import { type HttpAnswer, type HttpRequest, send } from './support/http-client.js';
import { startThings } from './support/things.js';

const settings = {
  default: 'camel',
  contracts: {
    camel: {
      package: 'things.v1',
      types: 'strict',
      emptyQuery: 'absent',
      refusedQuery: '^filter\\[',
      statuses: { FAILED_PRECONDITION: 409 },
      reasons: { KEY_REUSED: 422 },
      errors: {
        body: {
          status: 'error',
          error: '$message',
          code: '$reason_lower',
          timestamp: '$timestamp',
          id: '$request_id',
        },
        invalid: { status: 'error', error: '$message', code: '$reason_lower', details: '$violations' },
        violation: { field: '$field', message: '$description', rule: '$rule' },
      },
      streamErrors: 'plain',
      errorHeaders: { '409': { 'x-should-retry': 'false' } },
      retryAfter: true,
      requestHeaders: ['x-request-id', 'if-match'],
      responseHeaders: ['link', 'location', 'etag', 'x-total-count'],
      challenge: 'Bearer',
      sideDoors: false,
      strictRoutes: true,
      optionalVersion: true,
    },
  },
} satisfies SettingsInput;

const test = suite<{ server: GatewayServer }>('a contract');
test.before(async (context) => {
  context.server = await startThings(settings);
});
test.after(({ server }) => server.close());

const received = ({ headers }: HttpAnswer) => JSON.parse(String(headers['grpc-metadata-x-received']));
const metadata = ({ headers }: HttpAnswer): [string, string][] =>
  JSON.parse(String(headers['grpc-metadata-x-metadata']));
const json = (method: string, body: unknown, headers = {}): HttpRequest => ({
  method,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
});

test('a create answers with the status of its option', async ({ server }) => {
  const answer = await send(server.port, '/v1/things', json('POST', { fullName: 'Ada' }));
  assert.is(answer.status, 201);
  assert.is(answer.headers['content-type'], 'application/json');
  assert.equal(answer.json, { thingId: '', fullName: 'Ada', note: null, parts: [] });
});

test('a status of 204 has no body', async ({ server }) => {
  const answer = await send(server.port, '/v1/things/7', { method: 'DELETE' });
  assert.is(answer.status, 204);
  assert.is(answer.text, '');
  assert.is(answer.headers['content-type'], undefined);
});

test('a bare null and a bare list are the field that response_body names', async ({ server }) => {
  assert.is((await send(server.port, '/v1/things', { method: 'DELETE' })).text, 'null');
  assert.match((await send(server.port, '/v1/things')).text, /^\[\{"thingId":"a"/);
});

test('the update mask is filled from the keys, null among them', async ({ server }) => {
  for (const method of ['PUT', 'PATCH']) {
    const answer = await send(
      server.port,
      '/v1/things/7',
      json(method, { note: null, fullName: 'A', ignored: 1 }),
    );
    assert.equal(received(answer), { thingId: '7', thing: { fullName: 'A' }, updateMask: 'note,fullName' });
  }
});

test('a mask of values leaves null alone', async ({ server }) => {
  const answer = await send(server.port, '/v1/things/7/merge', json('PATCH', { note: null, fullName: 'A' }));
  assert.equal(received(answer), { thingId: '7', thing: { fullName: 'A' }, updateMask: 'fullName' });
});

test('an empty body gives an empty mask that is present, and the query cannot set one', async ({
  server,
}) => {
  for (const body of ['{}', '']) {
    const answer = await send(server.port, '/v1/things/7?updateMask=size', json('PUT', body));
    assert.equal(received(answer), { thingId: '7', thing: {}, updateMask: '' });
  }
});

test('a list as the body must be a list', async ({ server }) => {
  const good = await send(server.port, '/v1/things/7/parts', json('PUT', [{ partName: 'a' }]));
  assert.equal(received(good), { thingId: '7', parts: [{ partName: 'a' }] });
  for (const body of ['', '{}', '{"parts":[]}', 'null']) {
    assert.is((await send(server.port, '/v1/things/7/parts', json('PUT', body))).status, 400, body);
  }
});

test('all breaches of a body and of a path are told at once, in the names of the contract', async ({
  server,
}) => {
  const body = { fullName: 1, size: '3', parts: [{ amount: 1 }, { partName: 2 }], mainPart: { amount: 1.5 } };
  const { status, json: told } = await send(server.port, '/v1/things', json('POST', body));
  const { details, error, ...rest } = told as {
    details: { field: string; message: string; rule: string }[];
    error: string;
  };
  assert.is(status, 400);
  assert.equal(rest, { status: 'error', code: 'invalid_input' });
  assert.equal(
    details.map(({ field }) => field),
    ['fullName', 'size', 'parts[1].partName', 'mainPart.amount'],
  );
  assert.ok(details.every(({ message, rule }) => message !== '' && rule !== ''));
  assert.match(error, /^fullName must .*; size must .*; and 1 more$/);
});

test('$summary tells all violations as one text, whoever found them', async () => {
  const text = { body: { text: '$message' }, invalid: { text: '$summary' } };
  const server = await startThings({
    contracts: { camel: { ...settings.contracts.camel, errors: text } },
    default: 'camel',
  });
  const told = async (path: string, body: unknown) =>
    (await send(server.port, path, json('POST', body))).json;
  const wrong = { fullName: 1, size: '3', parts: [{ partName: 2 }], mainPart: { amount: 1.5 } };
  assert.match(
    ((await told('/v1/things', wrong)) as { text: string }).text,
    /^fullName must .*; size must .*; parts\[0\]\.partName must .*; mainPart\.amount must [^;]*$/,
  );
  assert.equal(await told('/v1/failbody?field=thing.parts%5B2%5D.part_name', {}), {
    text: 'parts[2].partName must be better',
  });
  const broken = (await told('/v1/things', '{')) as { text: string };
  assert.match(broken.text, /^\S/);
  await server.close();
});

test('the body names no request field that callers do not write', async ({ server }) => {
  const { json: told } = await send(server.port, '/v1/things/7', json('PUT', { fullName: 1, size: null }));
  const { details } = told as { details: { field: string }[] };
  assert.equal(
    details.map(({ field }) => field),
    ['fullName', 'size'],
  );
});

test('violations of the service are told in the names of the contract', async ({ server }) => {
  const answer = await send(server.port, '/v1/failbody?field=thing.parts%5B2%5D.part_name', json('POST', {}));
  assert.is(answer.status, 400);
  assert.equal((answer.json as { details: unknown }).details, [
    { field: 'parts[2].partName', message: 'must be better', rule: 'string.better' },
  ]);
  assert.is((answer.json as { error: unknown }).error, 'It failed.');
});

test('statuses go by reason, then by code', async ({ server }) => {
  const status = async (query: string) => (await send(server.port, `/v1/fail/${query}`)).status;
  assert.is(await status('3'), 400);
  assert.is(await status('3?reason=KEY_REUSED'), 422);
  assert.is(await status('9'), 409);
  assert.is(await status('10'), 409);
  assert.is(await status('10?reason=ETAG_MISMATCH'), 412);
  assert.is(await status('5'), 404);
  assert.is(await status('17'), 500);
});

test('the reason, or else the code, is in the body in lower case', async ({ server }) => {
  const { json: told, headers } = await send(server.port, '/v1/fail/9?reason=IN_PROGRESS', {
    headers: { 'X-Request-Id': 'r1' },
  });
  const { timestamp, ...rest } = told as Record<string, string>;
  assert.equal(rest, { status: 'error', error: 'It failed.', code: 'in_progress', id: 'r1' });
  assert.match(timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.is(headers['x-should-retry'], 'false');
  assert.equal(((await send(server.port, '/v1/fail/5')).json as { code: string }).code, 'not_found');
});

test('429 and 503 carry Retry-After, from RetryInfo where there is one', async ({ server }) => {
  const after = async (path: string) => (await send(server.port, path)).headers['retry-after'];
  assert.is(await after('/v1/fail/8?retryMs=2500'), '3');
  assert.is(await after('/v1/fail/14'), '1');
  assert.is(await after('/v1/fail/9'), undefined);
});

test('401 carries the challenge of the contract', async ({ server }) => {
  const answer = await send(server.port, '/v1/fail/16');
  assert.is(answer.status, 401);
  assert.is(answer.headers['www-authenticate'], 'Bearer');
});

test("the gateway's own errors have the contract's shape", async ({ server }) => {
  const rows: [string, HttpRequest, number, string][] = [
    ['/v1/nothing', {}, 404, 'not_found'],
    ['/v1/things/7', { method: 'POST' }, 405, 'method_not_allowed'],
    ['/v1/things/%zz', {}, 400, 'invalid_path'],
    ['/v1/things', json('POST', '{"fullName"'), 400, 'invalid_json'],
    ['/v1/things', json('POST', '{} {}'), 400, 'invalid_json'],
    ['/v1/things', json('POST', Buffer.alloc(1024 * 1024 + 1, ' ').toString()), 413, 'body_too_large'],
    ['/v1/things', { headers: { Authorization: `Bearer ${'x'.repeat(17_000)}` } }, 431, 'headers_too_large'],
    ['/v1/things', { headers: { 'Grpc-Timeout': 'x' } }, 400, 'invalid_argument'],
    ['/v1/things?pageSize=x', {}, 400, 'invalid_input'],
  ];
  for (const [path, request, status, code] of rows) {
    const answer = await send(server.port, path, request);
    assert.is(answer.status, status, path);
    assert.is(answer.headers['content-type'], 'application/json');
    assert.is((answer.json as { code: string }).code, code, path);
  }
});

test('what is wrong with a body as a whole is told without a name before it', async ({ server }) => {
  for (const body of ['null', '[]', '7']) {
    const answer = await send(server.port, '/v1/things/7', json('PATCH', JSON.parse(body)));
    assert.is(answer.status, 400, body);
    assert.match((answer.json as { error: string }).error, /^\S/, body);
  }
});

test('every error has a request id, the caller’s where it sent one', async ({ server }) => {
  const named = await startThings({
    ...settings,
    contracts: { camel: { ...settings.contracts.camel, responseHeaders: ['x-request-id'] } },
  });
  const ask = async (path: string, headers = {}) => {
    const answer = await send(named.port, path, { headers });
    return { header: answer.headers['x-request-id'], body: (answer.json as { id?: string }).id };
  };
  for (const path of ['/v1/nothing', '/v1/things/%zz']) {
    const made = await ask(path);
    assert.match(String(made.header), /^[0-9a-f-]{36}$/, path);
    assert.not.equal(made, await ask(path));
    assert.is((await ask(path, { 'X-Request-Id': 'mine-1' })).header, 'mine-1');
    assert.match(String((await ask(path, { 'X-Request-Id': 'a b<script>' })).header), /^[0-9a-f-]{36}$/);
  }
  const { header, body } = await ask('/v1/nothing');
  assert.is(body, header);
  await named.close();
  assert.is((await send(server.port, '/v1/nothing')).headers['x-request-id'], undefined);
});

test('a path without its version is the same', async ({ server }) => {
  assert.equal(received(await send(server.port, '/things/7')), { thingId: '7' });
  assert.is((await send(server.port, '/admin/things', json('POST', {}))).status, 201);
});

test('an empty parameter counts as absent', async ({ server }) => {
  assert.equal(received(await send(server.port, '/v1/things?pageSize=&filter[name]=a')), {
    'filter[name]': 'a',
  });
  assert.equal(received(await send(server.port, '/v1/things?filter%5Bname%5D=')), {});
});

test('a parameter of a refused kind that no field takes is told, others are ignored', async ({ server }) => {
  assert.is((await send(server.port, '/v1/things?nope=1&pageSize=2')).status, 200);
  const { status, json: told } = await send(server.port, '/v1/things?filter[nope]=1&pageSize=x');
  assert.is(status, 400);
  assert.equal(
    (told as { details: { field: string }[] }).details.map(({ field }) => field),
    ['pageSize', 'filter[nope]'],
  );
});

test('only listed headers become metadata and headers under their own names', async ({ server }) => {
  const headers = { 'X-Request-Id': 'r', 'If-Match': '"1"', 'X-Other': 'o', 'Grpc-Metadata-X': 'x' };
  const answer = await send(server.port, '/v1/things', json('POST', {}, headers));
  const seen = new Map(metadata(answer));
  assert.is(seen.get('x-request-id'), 'r');
  assert.is(seen.get('if-match'), '"1"');
  assert.not.ok(seen.has('x-other'));
  assert.not.ok(seen.has('x'), 'Grpc-Metadata-* is shut');
  assert.is(answer.headers.etag, '"1"');
  assert.is(answer.headers['grpc-metadata-secret'], 's');
});

test('Location and Link are resolved against the path of the request', async ({ server }) => {
  const location = async (path: string) => (await send(server.port, path, json('POST', {}))).headers.location;
  assert.is(await location('/v1/things'), '/v1/things/7');
  assert.is(await location('/v1/things/?x=1'), '/v1/things/7');
  assert.is(await location('/things'), '/things/7');
  assert.is(await location('/admin/things'), '/admin/things/7');
  assert.is(await location('/api/camel/admin/things'), '/api/camel/admin/things/7');
  const { headers } = await send(server.port, '/api/camel/v1/things?pageSize=1');
  assert.is(headers.link, '</api/camel/v1/things?page=2>; rel="next", </abs>; rel="first"');
  assert.is(headers['x-total-count'], '2');
});

test('the side doors are shut', async ({ server }) => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = { method: 'POST', headers: form, body: 'pageSize=3' };
  assert.is((await send(server.port, '/v1/things/7', post)).status, 405);
  const override = { ...post, headers: { ...form, 'X-HTTP-Method-Override': 'DELETE' } };
  assert.is((await send(server.port, '/v1/things/7', override)).status, 405);
  const answer = await send(server.port, '/v1/fail/5', {
    method: 'POST',
    headers: form,
    body: 'reason=BY_FORM',
  });
  assert.is((answer.json as { code: string }).code, 'not_found');
});

test('two keys in one request are no key', async ({ server }) => {
  const answer = await send(server.port, '/v1/things', {
    headers: { Authorization: ['Bearer a', 'Bearer b'] },
  });
  assert.is(answer.status, 401);
});

test.run();

const shapes = suite<{ server: GatewayServer }>("the shapes of contracts' errors");
shapes.before(async (context) => {
  const base = { types: 'strict', unknownFields: 'refuse' } as const;
  const shape = (errors: object, more: object = {}) => ({
    contracts: { it: { package: 'things.v1', ...base, errors, ...more } },
  });
  const start = (input: object) => startThings({ default: 'it', ...input } as SettingsInput);
  const detail = { body: { detail: '$message' }, invalid: { detail: '$violations' } };
  const fast = { ...detail, violation: { loc: '$path', msg: '$description', type: '$rule' } };
  const servers = {
    fast: await start(shape(fast, { invalidStatus: 422, names: 'proto', requestHeaders: ['if-match'] })),
    kratos: await start(
      shape({
        body: {
          error: { code: '$http_status', status: '$status_text', reason: '$message', message: '$text' },
        },
        texts: { '404': 'Unable to locate the resource' },
      }),
    ),
    profiles: await start(
      shape({
        body: { code: '$http_status', message: '$message' },
        invalid: { code: '$http_status', message: 'Validation failed', errors: '$violations' },
      }),
    ),
  };
  Object.assign(context, servers);
});
type Servers = Record<'fast' | 'kratos' | 'profiles', GatewayServer>;
shapes.after(async (context) => {
  const { fast, kratos, profiles } = context as unknown as Servers;
  await Promise.all([fast, kratos, profiles].map((server) => server.close()));
});

shapes("FastAPI's: places and a list for 422, a text for all else", async (context) => {
  const { port } = (context as unknown as Servers).fast;
  const bad = await send(
    port,
    '/v1/things',
    json('POST', { full_name: 1, fullName: 'x', parts: [{ part_name: 2 }] }),
  );
  assert.is(bad.status, 422);
  assert.equal(
    (bad.json as { detail: { loc: unknown }[] }).detail.map(({ loc }) => loc),
    [
      ['body', 'full_name'],
      ['body', 'fullName'],
      ['body', 'parts', 0, 'part_name'],
    ],
  );
  const query = await send(port, '/v1/things?page_size=x');
  assert.equal((query.json as { detail: { loc: unknown }[] }).detail[0]?.loc, ['query', 'page_size']);
  const path = await send(port, '/v1/fail/x');
  assert.equal((path.json as { detail: { loc: unknown }[] }).detail[0]?.loc, ['path', 'code']);
  const syntax = await send(port, '/v1/things', json('POST', '{'));
  assert.equal((syntax.json as { detail: { loc: unknown; type: string }[] }).detail[0]?.loc, ['body']);
  assert.is((syntax.json as { detail: { type: string }[] }).detail[0]?.type, 'json_invalid');
  const service = await send(port, '/v1/failbody?field=thing.full_name', json('POST', {}));
  assert.equal(service.json, {
    detail: [{ loc: ['body', 'full_name'], msg: 'must be better', type: 'string.better' }],
  });
  const header = await send(port, '/v1/failbody?field=Idempotency-Key', json('POST', {}));
  assert.equal(header.json, {
    detail: [{ loc: ['header', 'Idempotency-Key'], msg: 'must be better', type: 'string.better' }],
  });
  const odd = await send(port, '/v1/things', json('POST', {}, { 'if-match': '"\u00e9"' }));
  assert.equal(
    [odd.status, odd.json],
    [
      422,
      {
        detail: [
          { loc: ['header', 'if-match'], msg: 'may have printable ASCII only', type: 'header_invalid' },
        ],
      },
    ],
  );
  assert.equal((await send(port, '/v1/fail/3')).json, {
    detail: [{ loc: ['path'], msg: 'It failed.', type: 'invalid_argument' }],
  });
  assert.equal((await send(port, '/v1/fail/5')).json, { detail: 'It failed.' });
});

shapes("Kratos's: a text by status, and the reason", async (context) => {
  const { port } = (context as unknown as Servers).kratos;
  assert.equal((await send(port, '/v1/fail/5')).json, {
    error: { code: 404, status: 'Not Found', reason: 'It failed.', message: 'Unable to locate the resource' },
  });
  const conflict = (await send(port, '/v1/fail/6')).json as { error: { message: string } };
  assert.is(conflict.error.message, 'Conflict');
});

shapes('a list of fields and messages', async (context) => {
  const { port } = (context as unknown as Servers).profiles;
  const { json: told } = await send(port, '/v1/failbody?field=thing.full_name', json('POST', {}));
  const errors = [{ field: 'fullName', message: 'must be better' }];
  assert.equal(told, { code: 400, message: 'Validation failed', errors });
  assert.equal((await send(port, '/v1/fail/6')).json, { code: 409, message: 'It failed.' });
});

shapes.run();
