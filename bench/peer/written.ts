import { gzipSync } from 'node:zlib';
import type { PeerRequest } from './peer-request.js';

/** Requests that no descriptor tells of, by contract. */
export function writtenRequests(contract: string): readonly PeerRequest[] {
  return [...everywhere(contract), ...(WRITTEN[contract] ?? [])];
}

const LIST = { rpc: 'ListIdentities', method: 'GET', path: '/v1/identities' } as const;

/** What holds of every contract alike. */
function everywhere(contract: string): PeerRequest[] {
  const own = contract !== 'core';
  const door = (status: number): Pick<PeerRequest, 'differs'> | undefined =>
    own ? { differs: { reason: 'side doors', status } } : undefined;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const unknown = [
    '/',
    '/v1',
    '/v2/identities',
    '/v1/identities/a/b/c/d/e',
    '/v1/nope',
    '/nope?a=b',
    '/v1/identities:nope',
  ];
  const timeouts = ['10S', '1H', '60000m', '0S', '1n', '-1S', 'bad', '1', '123456789S', ''];
  const metadata = { 'grpc-metadata-other': 'x', 'grpc-metadata-other-bin': 'AAEC' };
  return [
    ...unknown.map((path): PeerRequest => ({ title: `unknown path ${path}`, method: 'GET', path })),
    ...unknown.map(
      (path): PeerRequest => ({ title: `unknown path, POST ${path}`, method: 'POST', path, body: {} }),
    ),
    { title: 'a method of WebDAV', method: 'PROPFIND', path: '/v1/identities' },
    ...timeouts.map(
      (value): PeerRequest => ({
        ...LIST,
        title: `Grpc-Timeout: ${value}`,
        headers: { 'grpc-timeout': value },
        // Whoever sees it first says that the time is up.
        ...(value === '1n' && { differs: { reason: 'wording', status: 504 } }),
      }),
    ),
    { ...LIST, title: 'metadata through the side door', headers: metadata },
    {
      ...LIST,
      title: 'binary metadata that is no base64',
      headers: { 'grpc-metadata-other-bin': '%%%' },
      ...door(200),
    },
    {
      ...LIST,
      title: 'the key through the side door',
      authorization: '',
      headers: { 'grpc-metadata-authorization': 'Bearer {{key}}' },
      ...door(401),
    },
    { ...LIST, title: 'Accept: text/html', headers: { accept: 'text/html' } },
    { ...LIST, title: 'TE: trailers', headers: { te: 'trailers' } },
    {
      ...LIST,
      title: 'forwarding headers',
      headers: { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.2' },
    },
    { ...LIST, title: 'a conditional get', headers: { 'if-none-match': '"1"' } },
    {
      ...LIST,
      title: 'headers of 20 KiB',
      headers: { cookie: 'x'.repeat(20_480) },
      differs: { reason: 'large headers', status: 431 },
    },
    {
      title: 'a form posted to a list',
      method: 'POST',
      path: '/v1/identities',
      headers: form,
      body: 'limit=1',
    },
    {
      title: 'a form posted to what can only be read',
      method: 'POST',
      path: '/v1/identities/{{shared.a}}',
      headers: form,
      body: 'a=b',
      differs: own ? { reason: 'side doors', status: 405 } : { reason: 'form posts', status: 200 },
    },
    {
      title: 'a method override',
      method: 'POST',
      path: '/v1/identities/{{own.override}}',
      headers: { ...form, 'x-http-method-override': 'DELETE' },
      body: '',
      ...door(405),
    },
    {
      title: 'a method override without a form',
      method: 'POST',
      path: '/v1/identities/{{own.no-override}}',
      headers: { 'x-http-method-override': 'DELETE' },
    },
    { title: 'a body that is zipped', method: 'POST', path: '/v1/identities', body: gzipSync('{}') },
    {
      title: 'a body of 2 MiB',
      method: 'POST',
      path: '/v1/identities',
      body: { nope: 'x'.repeat(2 << 20) },
      differs: { reason: 'large body', status: 413 },
    },
    {
      title: 'an absolute target',
      rpc: 'GetIdentity',
      method: 'GET',
      path: 'http://example.com/v1/identities/{{shared.a}}',
    },
  ];
}

const create = (title: string, body: object, query = '', rest: Partial<PeerRequest> = {}): PeerRequest => ({
  title: `create: ${title}`,
  rpc: 'CreateIdentity',
  method: 'POST',
  path: `/v1/identities${query}`,
  body,
  ...rest,
});
const get = (title: string, path: string, rest: Partial<PeerRequest> = {}): PeerRequest => ({
  title: `get: ${title}`,
  method: 'GET',
  path,
  ...rest,
});
let patched = 0;
const patch = (
  title: string,
  body: object | string,
  query = '',
  rest: Partial<PeerRequest> = {},
): PeerRequest => ({
  title: `patch: ${title}`,
  rpc: 'UpdateIdentity',
  method: 'PATCH',
  path: `/v1/identities/{{own.patch-${++patched}}}${query}`,
  body,
  ...rest,
});
const put = (title: string, body: object, rest: Partial<PeerRequest> = {}): PeerRequest => ({
  title: `put: ${title}`,
  rpc: 'UpdateIdentity',
  method: 'PUT',
  path: `/v1/identities/{{own.put-${++patched}}}`,
  body,
  ...rest,
});

const ORDERS = [
  'create_time',
  'update_time desc',
  'name',
  'given_name desc',
  'country_code',
  'nope',
  'name,job_title',
];
const FILTERS = [
  'state=INACTIVE',
  'family_name="Byron"',
  'family_name = "byron" AND state = INACTIVE',
  'name:"ada"',
  'nope="x"',
  'family_name=',
  '((',
  'update_time>="2020-01-01T00:00:00Z"',
  'update_time>="x"',
];
const MASKS = [
  'givenName',
  'given_name',
  'given_name,tags',
  'tags',
  '*',
  'nope',
  'linkedin.status',
  'id',
  'given_name.x',
  ',',
  'given_name%2Ctags',
];
const EVENTS = '/v1/identities/{{shared.ok-events}}/linkedinSessions/{{shared.ok-events.session}}/events';
const STATUS_EVENTS =
  '/v1/identities/{{shared.ok-events}}/linkedin/status/{{shared.ok-events.session}}/events';

const WRITTEN: Readonly<Record<string, readonly PeerRequest[]>> = {
  core: [
    ...ORDERS.map((order) =>
      get(`ordered by ${order}`, `/v1/identities?pageSize=5&orderBy=${encodeURIComponent(order)}`),
    ),
    ...FILTERS.map((filter) =>
      get(`where ${filter}`, `/v1/identities?pageSize=5&filter=${encodeURIComponent(filter)}`),
    ),
    ...['1', '1000', '1001', '-1'].map((size) =>
      get(`a page of ${size}`, `/v1/identities?page_size=${size}`),
    ),
    get('a page token of nobody', '/v1/identities?pageToken=bm9wZQ'),
    get('several that are missing', '/v1/identities:batchGet?ids={{shared.a}}&ids=nope&ids={{shared.a}}'),
    get('none of several', '/v1/identities:batchGet'),
    get('a hundred', `/v1/identities:batchGet?${'ids={{shared.a}}&'.repeat(100)}`),
    get('by two identifiers', '/v1/identities:lookup?externalId={{shared.a.external}}&contact=x'),
    get('by one identifier twice', '/v1/identities:lookup?externalId=a&external_id=b'),
    get('by no identifier', '/v1/identities:lookup'),
    get('by a contact', '/v1/identities:lookup?contact=a%40b.co'),
    get('by a credential', '/v1/identities:lookup?credentialIdentifier=a:b'),
    get('a session of another', '/v1/identities/{{shared.a}}/linkedinSessions/{{shared.ok-a.session}}'),
    ...['ok', '2fa', 'otp', 'inapp', 'captcha', 'badpass', 'restricted'].flatMap((scenario) => [
      get(
        `the session of ${scenario}`,
        `/v1/identities/{{shared.${scenario}-s}}/linkedinSessions/{{shared.${scenario}-s.session}}`,
      ),
      get(`the connection of ${scenario}`, `/v1/identities/{{shared.${scenario}-s}}/linkedinConnection`),
      get(`the identity of ${scenario}`, `/v1/identities/{{shared.${scenario}-s}}`),
    ]),
    create('an external id', { externalId: 'x {{side}} 1' }),
    create('the external id again', { externalId: 'x {{side}} 1' }),
    create('with a request id', { givenName: 'A' }, '?requestId=r-{{side}}'),
    create('with the request id again', { givenName: 'A' }, '?requestId=r-{{side}}'),
    create('another with the request id', { givenName: 'B' }, '?requestId=r-{{side}}'),
    create('with a header as request id', { givenName: 'A' }, '', { headers: { 'idempotency-key': 'one' } }),
    create('another with the header', { givenName: 'B' }, '', {
      headers: { 'idempotency-key': 'one' },
      differs: { reason: 'headers in', status: 422 },
    }),
    create('many faults', {
      givenName: 'x'.repeat(256),
      tags: ['', 'y'.repeat(300)],
      countryCode: 'xyz',
      state: 7,
    }),
    create('text of many kinds', {
      givenName: '\u0000',
      familyName: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
      tags: ['\u202e', '\\', '"'],
    }),
    create('fields that are not the caller’s', {
      id: 'x',
      etag: 'y',
      createTime: '2020-01-01T00:00:00Z',
      linkedin: { status: 3 },
    }),
    ...MASKS.map((mask) => patch(`the mask ${mask}`, { givenName: 'M', tags: ['m'] }, `?updateMask=${mask}`)),
    patch('the mask in the body', { givenName: 'M', updateMask: 'tags' }),
    patch('two masks', { givenName: 'M' }, '?updateMask=given_name&updateMask=tags'),
    patch('an unknown field beside a mask', { nope: 1 }, '?updateMask=given_name'),
    patch('another id in the body', { id: 'another', givenName: 'M' }),
    patch('a stale etag', { etag: '99', givenName: 'M' }),
    patch('the etag', { etag: '1', givenName: 'M' }),
    patch('an etag that is none', { etag: '"1"', givenName: 'M' }),
    patch('If-Match with the etag', { givenName: 'M' }, '', { headers: { 'if-match': '"1"' } }),
    patch('If-Match with a stale etag', { givenName: 'M' }, '', {
      headers: { 'if-match': '"99"' },
      differs: { reason: 'headers in', status: 412 },
    }),
    patch('both spellings of a name', '{"givenName":"A","given_name":"B"}'),
    patch('all null', { givenName: null, tags: null, state: null, externalId: null, linkedin: null }),
    patch('nested', {
      linkedin: { lastError: { code: 'x' }, status: 'LINKED_IN_CONNECTION_STATUS_CONNECTED' },
    }),
    { title: 'delete', rpc: 'DeleteIdentity', method: 'DELETE', path: '/v1/identities/{{own.deleted}}' },
    {
      title: 'delete again',
      rpc: 'DeleteIdentity',
      method: 'DELETE',
      path: '/v1/identities/{{own.deleted}}',
    },
    {
      title: 'delete with a stale etag',
      rpc: 'DeleteIdentity',
      method: 'DELETE',
      path: '/v1/identities/{{own.undeleted}}?etag=99',
    },
    {
      title: 'delete with a body',
      rpc: 'DeleteIdentity',
      method: 'DELETE',
      path: '/v1/identities/{{own.deleted-2}}',
      body: { etag: '99' },
    },
    ...['0', '1', '2', '3', '4', '-1'].map((after) =>
      get(`events after ${after}`, `${EVENTS}?after_sequence=${after}`, { stream: true }),
    ),
    get('events as x-ndjson', EVENTS, {
      stream: true,
      headers: { accept: 'application/x-ndjson' },
      differs: { reason: 'event streams', status: 200 },
    }),
    get('events as server-sent events', EVENTS, {
      stream: true,
      headers: { accept: 'text/event-stream' },
      differs: { reason: 'event streams', status: 200 },
    }),
    get('events of a session that is not there', EVENTS.replace('{{shared.ok-events.session}}', 'sess_x'), {
      stream: true,
    }),
  ],
  outreach: [
    ...['ok', '2fa', 'otp', 'inapp', 'captcha', 'badpass', 'restricted'].flatMap((scenario) => [
      get(
        `the status of ${scenario}`,
        `/v1/identities/{{shared.${scenario}-s}}/linkedin/status/{{shared.${scenario}-s.session}}`,
      ),
      get(`the check of ${scenario}`, `/v1/identities/{{shared.${scenario}-s}}/linkedin/check`),
      get(`the identity of ${scenario}`, `/v1/identities/{{shared.${scenario}-s}}`),
    ]),
    get('a cursor of nobody', '/v1/identities?cursor=bm9wZQ'),
    ...['0', '1', '1000', '1001'].map((limit) => get(`at most ${limit}`, `/v1/identities?limit=${limit}`)),
    create('many faults', { firstName: ' ', lastName: 'x'.repeat(256) }),
    create('many wrong types', { firstName: 1, lastName: true, role: [] }),
    create('role and jobTitle differ', { firstName: 'A', lastName: 'B', role: 'C', jobTitle: 'D' }),
    create('role by its other name', { firstName: 'A', lastName: 'B', jobTitle: 'D' }),
    create('with an idempotency key', { firstName: 'A', lastName: 'B', role: 'C' }, '', {
      headers: { 'idempotency-key': 'two' },
    }),
    create('another with the idempotency key', { firstName: 'X', lastName: 'B', role: 'C' }, '', {
      headers: { 'idempotency-key': 'two' },
      differs: { reason: 'headers in', status: 422 },
    }),
    put('nothing', {}),
    put('one field', { lastName: 'Hopper' }),
    put('a field that can only be created', { role: 'x' }),
    put(
      'If-Match with a stale etag',
      { firstName: 'M' },
      {
        headers: { 'if-match': '"99"' },
        differs: { reason: 'headers in', status: 412 },
      },
    ),
    {
      title: 'a login',
      rpc: 'LoginLinkedIn',
      method: 'POST',
      path: '/v1/identities/{{own.login}}/linkedin/login',
      body: { username: 'slow@x', password: 'p' },
    },
    {
      title: 'another login meanwhile',
      rpc: 'LoginLinkedIn',
      method: 'POST',
      path: '/v1/identities/{{own.login}}/linkedin/login',
      body: { username: 'ok@x', password: 'q' },
    },
    {
      title: 'a first login without a password',
      rpc: 'LoginLinkedIn',
      method: 'POST',
      path: '/v1/identities/{{own.login-2}}/linkedin/login',
      body: {},
    },
    {
      title: 'a code for a session that has ended',
      rpc: 'SubmitLinkedInCode',
      method: 'POST',
      path: '/v1/identities/{{own.ok-code}}/linkedin/code/{{own.ok-code.session}}',
      body: { code: '1' },
    },
    {
      title: 'a wrong code',
      rpc: 'SubmitLinkedInCode',
      method: 'POST',
      path: '/v1/identities/{{own.2fa-code}}/linkedin/code/{{own.2fa-code.session}}',
      body: { code: '1' },
    },
    ...['0', '1', '2', '3', '4', '-1'].map((after) =>
      get(`events after ${after}`, `${STATUS_EVENTS}?after_sequence=${after}`, { stream: true }),
    ),
  ],
};
