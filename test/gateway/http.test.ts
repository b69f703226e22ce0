import { request as httpRequest } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../../gateway/handler.js';
import { type GatewayServer, startGatewayServer } from '../../gateway/server.js';
import type { SettingsInput } from '../../gateway/settings.js';
import { sampleImage } from './sample/image.js';
import { serveSample } from './sample/service.js';
import { send } from './support/http-client.js';
import { createLocalTransport } from './support/local-transport.js';

function start(settings: SettingsInput = {}): Promise<GatewayServer> {
  const handler = createGateway({
    image: sampleImage,
    transport: createLocalTransport(serveSample),
    settings,
  });
  return startGatewayServer({ handler, host: '127.0.0.1', port: 0 });
}

const test = suite<{ server: GatewayServer }>('methods and headers');
test.before(async (context) => {
  context.server = await start();
});
test.after(({ server }) => server.close());

test('HEAD is GET without its body', async ({ server }) => {
  const get = await send(server.port, '/v1/identities/a');
  const head = await send(server.port, '/v1/identities/a', { method: 'HEAD' });
  assert.is(head.status, 200);
  assert.is(head.text, '');
  assert.is(head.headers['content-length'], get.headers['content-length']);
  assert.is(head.headers['content-type'], 'application/json');
  assert.is((await send(server.port, '/v1/identities/missing', { method: 'HEAD' })).status, 404);
  assert.is((await send(server.port, '/nope', { method: 'HEAD' })).status, 404);
});

test('OPTIONS tells the methods of a path', async ({ server }) => {
  const answer = await send(server.port, '/v1/tenants/t/identities/a', { method: 'OPTIONS' });
  assert.is(answer.status, 204);
  assert.is(answer.headers.allow, 'GET, PATCH, PUT, DELETE, HEAD, OPTIONS');
  assert.is((await send(server.port, '/v1/upload', { method: 'OPTIONS' })).headers.allow, 'POST, OPTIONS');
  assert.is((await send(server.port, '/nope', { method: 'OPTIONS' })).status, 404);
});

test('an annotated HEAD or OPTIONS goes before both', async ({ server }) => {
  assert.is((await send(server.port, '/v1/echo-options?stringField=x', { method: 'OPTIONS' })).status, 200);
  assert.is((await send(server.port, '/v1/echo-head', { method: 'HEAD' })).status, 200);
  assert.is((await send(server.port, '/v1/echo-head')).status, 405);
});

test('a method without annotation cannot be reached', async ({ server }) => {
  const answer = await send(server.port, '/sample.v1.EchoService/Unbound', { method: 'POST', body: '{}' });
  assert.is(answer.status, 404);
});

test('an answer without a JSON form is a 500 that tells nothing of it', async ({ server }) => {
  const answer = await send(server.port, '/v1/echo?mask_field=aB');
  assert.is(answer.status, 500);
  assert.equal(answer.json, { code: 2, message: 'the answer has no JSON form', details: [] });
});

test('details of an unknown type are passed on, and the code is kept', async ({ server }) => {
  const answer = await send(server.port, '/v1/fail/9?message=m&unknown_detail=true&local_detail=true');
  assert.is(answer.status, 400);
  assert.equal(answer.json, {
    code: 9,
    message: 'm',
    details: [
      { '@type': 'type.googleapis.com/sample.v1.Nested', name: 'n', value: 7, child: null },
      { '@type': 'type.googleapis.com/unknown.v1.Thing', value: 'CAE=' },
    ],
  });
});

test('401 challenges with the message where no setting says otherwise, whatever it holds', async ({
  server,
}) => {
  const challenge = async (message: string) =>
    (await send(server.port, `/v1/fail/16?message=${encodeURIComponent(message)}`)).headers[
      'www-authenticate'
    ];
  assert.is(await challenge('no key'), 'no key');
  assert.is(await challenge('a\r\nSet-Cookie: b'), 'a  Set-Cookie: b');
  assert.is(Buffer.from((await challenge('Schlüssel €')) ?? '', 'latin1').toString(), 'Schlüssel €');
});

test('binary metadata of an answer is base64, and a repeated name stays repeated', async ({ server }) => {
  const raw = await new Promise<string[]>((resolve, reject) => {
    httpRequest(
      { port: server.port, host: '127.0.0.1', path: '/v1/inspect?trailers=true', agent: false },
      (response) => {
        response.resume();
        resolve(response.rawHeaders);
      },
    )
      .on('error', reject)
      .end();
  });
  const values = (name: string) => raw.filter((_, at) => at % 2 === 1 && raw[at - 1] === name);
  assert.equal(values('Grpc-Metadata-X-Raw-Bin'), ['/wB/']);
  assert.equal(values('Grpc-Metadata-X-Multi'), ['one', 'two']);
  assert.equal(values('Grpc-Metadata-Location'), ['/somewhere']);
});

test('metadata cannot break out of its header', async () => {
  const transport = createLocalTransport(async function* (_path, _requests, call) {
    call.header.push(['x-note', 'a\r\nSet-Cookie: b\0\u20ac']);
    yield new Uint8Array();
  });
  const server = await startGatewayServer({
    handler: createGateway({ image: sampleImage, transport }),
    host: '127.0.0.1',
    port: 0,
  });
  const { status, headers } = await send(server.port, '/v1/identities/a');
  assert.is(status, 200);
  assert.is(headers['grpc-metadata-x-note'], 'a  Set-Cookie: b');
  assert.is(headers['set-cookie'], undefined);
  await server.close();
});

test('trailers go to those who take them', async ({ server }) => {
  const trailers = await new Promise<NodeJS.Dict<string>>((resolve, reject) => {
    const headers = { TE: 'trailers' };
    httpRequest(
      { port: server.port, host: '127.0.0.1', path: '/v1/inspect?trailers=true', headers, agent: false },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.trailers));
      },
    )
      .on('error', reject)
      .end();
  });
  assert.equal({ ...trailers }, { 'grpc-trailer-x-checksum': 'abc', 'grpc-trailer-x-tr-bin': '/g==' });
});

test('a form is a query where the method has no body', async ({ server }) => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = 'repeated_string=form&string_field=a+b%26c';
  const answer = await send(server.port, '/v1/echo-nobody?repeated_string=query', {
    method: 'POST',
    headers,
    body,
  });
  assert.equal(JSON.parse(String(answer.headers['grpc-metadata-x-received'])), {
    repeatedString: ['form', 'query'],
    stringField: 'a b&c',
  });
});

test('a form post may stand for another method, as in Go, and only as plainly as there', async ({
  server,
}) => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = async (path: string, headers: Record<string, string>) =>
    (await send(server.port, path, { method: 'POST', headers, body: 'read_mask=a' })).status;
  assert.is(await post('/v1/identities/a', form), 200);
  assert.is(
    await post('/v1/identities/a', { 'Content-Type': `${form['Content-Type']}; charset=utf-8` }),
    405,
  );
  assert.is(await post('/v1/identities/a', { ...form, 'X-HTTP-Method-Override': 'get' }), 200);
  assert.is(await post('/v1/identities/a', { ...form, 'X-HTTP-Method-Override': 'POST' }), 200);
  assert.is(await post('/v1/identities/a', { ...form, 'X-HTTP-Method-Override': 'PUT' }), 405);
  assert.is(await post('/v1/identities/a', { 'X-HTTP-Method-Override': 'GET' }), 405);
});

test('X-Forwarded-Host given goes before Host, and the peer is added to X-Forwarded-For', async ({
  server,
}) => {
  const headers = {
    'X-Forwarded-Host': 'public.example',
    'X-Forwarded-For': ['10.0.0.1', '10.0.0.2'],
    Host: 'inner',
  };
  const { json } = await send(server.port, '/v1/inspect', { headers });
  const { metadata } = json as { metadata: Record<string, string> };
  assert.is(metadata['x-forwarded-host'], 'public.example');
  assert.is(metadata['x-forwarded-for'], '10.0.0.1, 10.0.0.2, 127.0.0.1');
});

test('no X-Forwarded-For, however odd, hides who sent it', async ({ server }) => {
  const headers = { 'X-Forwarded-For': ['10.0.0.1', 'caf\u00e9'] };
  const { json } = await send(server.port, '/v1/inspect', { headers });
  const { metadata } = json as { metadata: Record<string, string> };
  assert.is(metadata['x-forwarded-for'], '10.0.0.1, 127.0.0.1');
});

test('Grpc-Timeout takes every unit', async ({ server }) => {
  const left = async (timeout: string) => {
    const { json } = await send(server.port, '/v1/inspect', { headers: { 'Grpc-Timeout': timeout } });
    return Number((json as { deadlineMs: string }).deadlineMs);
  };
  for (const [timeout, milliseconds] of [
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['+30S', 30_000],
    ['5000m', 5000],
    ['5000000u', 5000],
    ['5000000000n', 5000],
  ] as const) {
    const seen = await left(timeout);
    assert.ok(seen <= milliseconds && seen > milliseconds - 1000, `${timeout} is ${seen}`);
  }
  assert.is((await send(server.port, '/v1/inspect', { headers: { 'Grpc-Timeout': '-1S' } })).status, 504);
  for (const bad of ['S', '10', '10s', '1.5S', ' S', '99999999999999999999S']) {
    const answer = await send(server.port, '/v1/inspect', { headers: { 'Grpc-Timeout': bad } });
    assert.is(answer.status, 400, bad);
  }
});
test.run();

const settled = suite('settings that turn back to Go');

settled('501, unescaping, trailing data', async () => {
  const others = { wrongMethod: 501, unescaping: 'legacy', trailingData: 'ignore' } as const;
  const server = await start({ others });
  const wrong = await send(server.port, '/v1/identities/a', { method: 'DELETE' });
  assert.is(wrong.status, 501);
  assert.equal(wrong.json, { code: 12, message: 'Method Not Allowed', details: [] });
  assert.is((await send(server.port, '/v1/tenants/t/identities/a%2Fb')).status, 404);
  assert.is((await send(server.port, '/v1/echo', { method: 'POST', body: '{} trailing' })).status, 200);
  await server.close();
});

settled('limits', async () => {
  const server = await start({ limits: { body: 10, depth: 2, metadata: 1024 } });
  const echo = (body: string) => send(server.port, '/v1/echo', { method: 'POST', body });
  assert.is((await echo('{}        ')).status, 200);
  assert.is((await echo('{}         ')).status, 413);
  assert.is((await echo('{"a":{}}')).status, 200);
  assert.is((await echo('[[[]]]')).status, 400);
  await server.close();
});
settled.run();

const cors = suite('other origins');

cors('are let in as the settings say', async () => {
  const server = await start({
    cors: { origins: ['https://a.example'], maxAge: 60 },
    others: { responseHeaders: ['link'] },
  });
  const from = (Origin: string, more = {}) => ({ Origin, ...more });
  const preflight = {
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'authorization',
  };
  const asked = await send(server.port, '/v1/echo', {
    method: 'OPTIONS',
    headers: from('https://a.example', preflight),
  });
  assert.is(asked.status, 204);
  assert.is(asked.headers['access-control-allow-origin'], 'https://a.example');
  assert.match(asked.headers['access-control-allow-methods'] ?? '', 'PUT');
  assert.is(asked.headers['access-control-allow-headers'], 'authorization');
  assert.is(asked.headers['access-control-max-age'], '60');
  const got = await send(server.port, '/v1/echo', { headers: from('https://a.example') });
  assert.is(got.headers['access-control-allow-origin'], 'https://a.example');
  assert.is(got.headers['access-control-expose-headers'], 'link');
  assert.is(got.headers.vary, 'Origin');
  const other = await send(server.port, '/v1/echo', { headers: from('https://b.example') });
  assert.is(other.headers['access-control-allow-origin'], undefined);
  assert.is(other.headers.vary, 'Origin');
  await server.close();
});

cors('are not spoken of where no setting does', async () => {
  const server = await start();
  const answer = await send(server.port, '/v1/echo', { headers: { Origin: 'https://a.example' } });
  assert.is(answer.headers['access-control-allow-origin'], undefined);
  await server.close();
});
cors.run();
