import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRouter, type Unescaping } from '../../gateway/route/router.js';
import { parseTemplate } from '../../gateway/route/template.js';
import { MalformedEscape } from '../../gateway/route/unescape.js';
import { processorTime } from '../support/processor-time.js';

const test = suite('router');

function router(templates: readonly string[], unescaping?: Unescaping) {
  return createRouter(
    templates.map((each) => {
      const [method = '', text = ''] = each.split(' ');
      return { method, template: parseTemplate(text), route: each };
    }),
    unescaping,
  );
}

const api = router([
  'GET /v1/identities',
  'POST /v1/identities',
  'GET /v1/identities/{id}',
  'PATCH /v1/identities/{id}',
  'GET /v1/identities/count',
  'POST /v1/identities/{id}:cancel',
  'GET /v1/identities:watch',
  'GET /v1/{name=tenants/*/identities/*}',
  'GET /v1/files/{path=**}',
  'GET /v1/files/{path=**}:meta',
  'GET /v1/deep/{path=**}/tail',
  'GET /v1/{kind}/x',
  'GET /v1/mid/{part=a/*/b}/tail',
  'GET /',
]);

const found: [request: string, route: string, ...parameters: string[]][] = [
  ['GET /v1/identities', 'GET /v1/identities'],
  ['GET /v1/identities/7', 'GET /v1/identities/{id}', '7'],
  // A literal beats a variable, for the methods that the literal has.
  ['GET /v1/identities/count', 'GET /v1/identities/count'],
  ['PATCH /v1/identities/count', 'PATCH /v1/identities/{id}', 'count'],
  ['GET /v1/identities/x', 'GET /v1/identities/{id}', 'x'],
  ['GET /v1/other/x', 'GET /v1/{kind}/x', 'other'],
  // One trailing slash means nothing.
  ['GET /v1/identities/', 'GET /v1/identities'],
  ['GET /v1/identities/7/', 'GET /v1/identities/{id}', '7'],
  ['GET /', 'GET /'],
  // A verb beats its being part of the value, but only for the method that has it.
  ['POST /v1/identities/7:cancel', 'POST /v1/identities/{id}:cancel', '7'],
  ['GET /v1/identities/7:cancel', 'GET /v1/identities/{id}', '7:cancel'],
  ['GET /v1/identities/7:other', 'GET /v1/identities/{id}', '7:other'],
  ['GET /v1/identities:watch', 'GET /v1/identities:watch'],
  ['GET /v1/identities/7%3Acancel', 'GET /v1/identities/{id}', '7:cancel'],
  ['POST /v1/identities/a:b:cancel', 'POST /v1/identities/{id}:cancel', 'a:b'],
  // Escapes are decoded after the path is split.
  ['GET /v1/identities/a%2Fb', 'GET /v1/identities/{id}', 'a/b'],
  ['GET /v1/identities/%E2%82%AC', 'GET /v1/identities/{id}', '€'],
  ['GET /v1/identities/a+b', 'GET /v1/identities/{id}', 'a+b'],
  ['GET /v1/identities/%2525', 'GET /v1/identities/{id}', '%25'],
  ['GET /v1/%69dentities/7', 'GET /v1/identities/{id}', '7'],
  ['GET /v1/tenants/a%2Fb/identities/c', 'GET /v1/{name=tenants/*/identities/*}', 'tenants/a/b/identities/c'],
  // ** keeps the escapes of reserved characters, and any slash.
  ['GET /v1/files', 'GET /v1/files/{path=**}', ''],
  ['GET /v1/files/', 'GET /v1/files/{path=**}', ''],
  ['GET /v1/files/a/b/', 'GET /v1/files/{path=**}', 'a/b/'],
  ['GET /v1/files/a//b', 'GET /v1/files/{path=**}', 'a//b'],
  ['GET /v1/files/a%2Fb%20c%3F', 'GET /v1/files/{path=**}', 'a%2Fb c%3F'],
  ['GET /v1/files/a/b:meta', 'GET /v1/files/{path=**}:meta', 'a/b'],
  ['GET /v1/files/a/b:x', 'GET /v1/files/{path=**}', 'a/b:x'],
  ['GET /v1/deep/tail', 'GET /v1/deep/{path=**}/tail', ''],
  ['GET /v1/deep/a/tail/tail', 'GET /v1/deep/{path=**}/tail', 'a/tail'],
  ['GET /v1/mid/a/x/b/tail', 'GET /v1/mid/{part=a/*/b}/tail', 'a/x/b'],
];
for (const [request, route, ...parameters] of found) {
  test(`${request} is ${route}`, () => {
    const [method = '', path = ''] = request.split(' ');
    assert.equal(api.match(method, path), { route, parameters });
  });
}

const unknown = [
  'GET /v1',
  'GET /v1/Identities',
  'GET /v1/identities//',
  'GET /v1//identities',
  'GET //v1/identities',
  'GET /v1/x/../identities/7',
  'GET /v1/mid/a/x/c/tail',
  'GET /v1/tenants//identities/c',
  'DELETE /v1/identities/7',
  'POST /v1/identities/:cancel',
];
for (const request of unknown) {
  test(`${request} is nothing`, () => {
    const [method = '', path = ''] = request.split(' ');
    assert.is(api.match(method, path), undefined);
  });
}

test('the methods of a path are told in order of declaration', () => {
  assert.equal(api.methods('/v1/identities/7'), ['GET', 'PATCH']);
  assert.equal(api.methods('/v1/identities/7:cancel'), ['GET', 'POST', 'PATCH']);
  assert.equal(api.methods('/nope'), []);
});

test('a value that is no UTF-8 or no escape is refused', () => {
  for (const bad of ['%zz', '%', '%f', '%ff', '%c0%af', '%ed%a0%80']) {
    assert.throws(
      () => api.match('GET', `/v1/identities/${bad}`),
      (error: unknown) => error instanceof MalformedEscape,
      bad,
    );
  }
});

test('of two templates of one shape the one declared last wins', () => {
  const both = router(['GET /v1/{a}', 'GET /v1/{b}']);
  assert.is(both.match('GET', '/v1/x')?.route, 'GET /v1/{b}');
});

test('legacy unescaping decodes before it splits', () => {
  const legacy = router(['GET /v1/{a}', 'GET /v1/{a}/{b}', 'POST /v1/{a}:do'], 'legacy');
  assert.equal(legacy.match('GET', '/v1/x%2Fy'), { route: 'GET /v1/{a}/{b}', parameters: ['x', 'y'] });
  assert.equal(legacy.match('POST', '/v1/x%3Ado'), { route: 'POST /v1/{a}:do', parameters: ['x'] });
});

test('a path of 64 KiB of slashes is decided quickly', () => {
  const spent = processorTime();
  api.match('GET', `/v1/deep${'/'.repeat(65_536)}`);
  api.methods('/'.repeat(65_536));
  assert.ok(spent() < 200);
});

test.run();
