import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { type AdminRest, adminRest } from './rest.js';

const ORGANIZATION = '0e0b3b4e-52a0-4f0c-9d5c-5f8b7c6a1d2e';

forEachApp('admin identities', {}, (test, context) => {
  let admin: AdminRest;
  test.before(async () => {
    admin = await adminRest(context().app, 'identities');
  });

  test('K-1: a create with traits alone answers every field, at either path family', async () => {
    for (const family of ['/v1', '/admin', '/api/admin/v1', '/api/admin/admin']) {
      const made = await admin.rest('POST', `${family}/identities`, { traits: {} });
      assert.is(made.status, 201, JSON.stringify(made.body));
      const { id, state_changed_at, created_at, updated_at, ...rest } = made.body;
      assert.equal(rest, {
        schema_id: 'default',
        schema_url: '/schemas/default',
        state: 'active',
        traits: {},
        verifiable_addresses: [],
        recovery_addresses: [],
        metadata_public: null,
        metadata_admin: null,
        organization_id: null,
        credentials: {},
      });
      assert.is(made.headers.get('location'), `${family}/identities/${id}`);
      assert.is(made.headers.get('etag'), '"1"');
      assert.equal([state_changed_at, updated_at], [created_at, created_at]);
      const found = await admin.rest('GET', made.headers.get('location')!);
      assert.equal([found.status, found.body], [200, made.body]);
    }
  });

  test('K-1: what is told of addresses counts where the traits have them', async () => {
    const address = { value: ' Told@Example.com', via: 'email', verified: true, status: 'completed' };
    const made = await admin.create(
      { email: 'told@example.com' },
      { verifiable_addresses: [address, { ...address, value: 'else@example.com' }], recovery_addresses: [] },
    );
    const [verifiable, ...more] = made.verifiable_addresses as Record<string, unknown>[];
    assert.equal(more, []);
    assert.equal(
      [verifiable!.value, verifiable!.verified, verifiable!.status],
      ['told@example.com', true, 'completed'],
    );
    assert.ok(verifiable!.verified_at);
    // What was answered can be sent again: the address stays the one that it is.
    const again = await admin.rest('PUT', `/admin/identities/${made.id}`, {
      traits: made.traits,
      verifiable_addresses: made.verifiable_addresses,
      recovery_addresses: made.recovery_addresses,
    });
    assert.equal([again.status, again.body], [200, made], JSON.stringify(again.body));
  });

  /** What is refused with 400, the body, and what the reason names. */
  const REFUSED: readonly (readonly [string, unknown, string])[] = [
    ['no traits', {}, 'traits'],
    ['traits that are no object', { traits: [] }, 'traits'],
    ['traits against the schema', { traits: { email: 'nobody' } }, 'traits.email must match format "email"'],
    ['a trait that the schema has not', { traits: { shoe: 1 } }, 'additional properties: "shoe"'],
    ['an unknown schema', { schema_id: 'none', traits: {} }, 'schema_id is not a schema'],
    ['an unknown field', { traits: {}, shoe_size: 1 }, 'shoe_size'],
    ['an unknown field inside', { traits: {}, credentials: { passkey: {} } }, 'credentials.passkey'],
    ['a bad state', { traits: {}, state: 'asleep' }, 'state'],
    ['a bad organization', { traits: {}, organization_id: 'acme' }, 'organization_id'],
    ['a long external id', { traits: {}, external_id: 'x'.repeat(256) }, 'external_id'],
    ['an address of another kind', { traits: {}, verifiable_addresses: [{ value: 'a', via: 'owl' }] }, 'via'],
    ['large traits', { traits: { email: `${'x'.repeat(70_000)}@b.co` } }, 'traits'],
    [
      'large metadata',
      { traits: {}, metadata_public: 'x'.repeat(300_000) },
      'metadata_public must be at most',
    ],
    [
      'a number that no double holds',
      '{"traits":{},"metadata_admin":12345678901234567890}',
      'metadata_admin',
    ],
    ['the key __proto__', '{"traits":{},"metadata_admin":{"__proto__":1}}', 'metadata_admin'],
    ['NUL', { traits: {}, metadata_public: 'a\0b' }, 'metadata_public'],
    ['broken JSON', '{"traits":', ''],
    [
      'metadata nested too deep',
      { traits: {}, metadata_public: JSON.parse('['.repeat(33) + ']'.repeat(33)) },
      'metadata_public',
    ],
  ];
  for (const [what, body, named] of REFUSED) {
    test(`K-1, K-4: ${what} is 400 in the contract's shape`, async () => {
      const { id } = await admin.create({});
      for (const answer of [
        await admin.rest('POST', '/admin/identities', body),
        await admin.rest('PUT', `/admin/identities/${id}`, body),
      ]) {
        assert.is(answer.status, 400, JSON.stringify(answer.body));
        const { code, status, reason, message } = answer.body.error;
        assert.equal([code, status], [400, 'Bad Request']);
        assert.ok(reason.includes(named), reason);
        assert.ok(message);
      }
      assert.is((await admin.rest('GET', `/admin/identities/${id}`)).headers.get('etag'), '"1"');
    });
  }

  test('K-1: an external id, or an identifier whatever its case, is one identity’s only: 409 naming it', async () => {
    await admin.create({ email: 'taken@example.com' }, { external_id: 'taken' });
    for (const [body, named] of [
      [{ traits: {}, external_id: 'taken' }, 'external_id'],
      [{ traits: { email: ' TAKEN@Example.com ' } }, 'traits'],
    ] as const) {
      const answer = await admin
        .rest('POST', '/admin/identities', { schema_id: 'loose', ...body })
        .then((first) =>
          first.status === 400 ? admin.rest('POST', '/admin/identities', trimmed(body)) : first,
        );
      assert.is(answer.status, 409, JSON.stringify(answer.body));
      const { reason, message } = answer.body.error;
      assert.match(reason, /^This identity conflicts with another identity that already exists/);
      assert.ok(reason.includes(named), reason);
      assert.is(message, 'The resource could not be created due to a conflict');
    }
    const { id } = await admin.create({ email: 'free@example.com' });
    const put = await admin.rest('PUT', `/v1/identities/${id}`, { traits: { email: 'TAKEN@example.com' } });
    assert.is(put.status, 409);
    const patched = await admin.patch(id, {
      op: 'replace',
      path: '/traits/email',
      value: 'taken@example.com',
    });
    assert.is(patched.status, 409);
  });

  test('an identifier is claimed without a password, and free once the trait has gone', async () => {
    const { id } = await admin.create({ email: 'moves@example.com' });
    const taken = { traits: { email: 'Moves@example.com' } };
    assert.is((await admin.rest('POST', '/v1/identities', taken)).status, 409);
    assert.is((await admin.patch(id, { op: 'remove', path: '/traits/email' })).status, 200);
    assert.is((await admin.rest('POST', '/v1/identities', taken)).status, 201);
  });

  test('an empty external id is none', async () => {
    const one = await admin.create({}, { external_id: '' });
    await admin.create({}, { external_id: '' });
    assert.is('external_id' in one, false);
  });

  test('K-3, K-6, K-10: what is not there is 404, a malformed UUID too', async () => {
    const nobody = '01890a5d-ac96-774b-bcce-b302099a8057';
    for (const [method, path, body] of [
      ['GET', nobody],
      ['GET', 'not-a-uuid'],
      ['PUT', 'not-a-uuid', { traits: {} }],
      ['PATCH', 'not-a-uuid', []],
      ['DELETE', 'not-a-uuid'],
      ['DELETE', nobody],
      ['GET', 'not-a-uuid/sessions'],
      ['DELETE', 'not-a-uuid/sessions'],
      ['GET', `${nobody}/sessions`],
      ['DELETE', `${nobody}/credentials/password`],
      ['GET', 'by/external/nobody'],
      ['GET', 'by/external/'],
    ] as const) {
      const answer = await admin.rest(method, `/admin/identities/${path}`, body);
      assert.is(answer.status, 404, `${method} ${path}`);
      assert.equal([answer.body.error.code, answer.body.error.status], [404, 'Not Found']);
    }
  });

  test('K-10: an external id with slashes and spaces is found', async () => {
    const made = await admin.create({}, { external_id: 'a/b c?d%' });
    const found = await admin.rest('GET', `/v1/identities/by/external/${encodeURIComponent('a/b c?d%')}`);
    assert.is(found.body.id, made.id);
  });

  test('an id in upper case is the same id', async () => {
    const { id } = await admin.create({});
    assert.is((await admin.rest('GET', `/v1/identities/${id.toUpperCase()}`)).body.id, id);
  });

  test('K-4: a replacement clears what it leaves out, but for schema, state, organization and addresses', async () => {
    const made = await admin.create(
      { email: 'put@example.com' },
      {
        state: 'inactive',
        metadata_public: { a: 1 },
        metadata_admin: 7,
        external_id: 'put',
        organization_id: ORGANIZATION,
        verifiable_addresses: [{ value: 'put@example.com', via: 'email', verified: true }],
      },
    );
    const put = await admin.rest('PUT', `/admin/identities/${made.id}`, {
      traits: { email: 'put@example.com' },
    });
    assert.is(put.status, 200);
    assert.equal(
      [put.body.metadata_public, put.body.metadata_admin, put.body.external_id],
      [null, null, undefined],
    );
    assert.equal([put.body.state, put.body.organization_id], ['inactive', ORGANIZATION]);
    assert.is(put.body.state_changed_at, made.state_changed_at);
    assert.is(put.body.verifiable_addresses[0].verified, true);
    const cleared = await admin.rest('PUT', `/admin/identities/${made.id}`, {
      traits: {},
      state: 'active',
      organization_id: null,
    });
    assert.is(cleared.body.organization_id, null);
    assert.ok(cleared.body.state_changed_at > (made.state_changed_at as string));
    assert.equal(cleared.body.verifiable_addresses, []);
  });

  test('metadata is any JSON and comes back value for value; null is none', async () => {
    const metadata = {
      $where: 1,
      'a.b': [0.1, -1, 1e21],
      '': null,
      constructor: { toString: 'x' },
      deep: [[[]]],
    };
    const made = await admin.create({}, { metadata_public: metadata, metadata_admin: false });
    assert.is(JSON.stringify([made.metadata_public, made.metadata_admin]), JSON.stringify([metadata, false]));
    const put = { traits: {}, metadata_public: null, metadata_admin: '' };
    const { body } = await admin.rest('PUT', `/admin/identities/${made.id}`, put);
    assert.equal([body.metadata_public, body.metadata_admin], [null, '']);
  });

  test('If-Match: a stale one is 412 and changes nothing', async () => {
    const { id } = await admin.create({});
    const path = `/admin/identities/${id}`;
    for (const [method, body] of [
      ['PUT', { traits: {}, metadata_public: 1 }],
      ['PATCH', [{ op: 'add', path: '/metadata_public', value: 1 }]],
      ['DELETE', undefined],
    ] as const)
      assert.is((await admin.rest(method, path, body, { 'if-match': '"9"' })).status, 412, method);
    const written = await admin.rest('PUT', path, { traits: {}, metadata_public: 1 }, { 'if-match': '"1"' });
    assert.equal([written.status, written.headers.get('etag')], [200, '"2"']);
  });

  test('Idempotency-Key: a repeated create answers what the first did, another under it is refused', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const body = { traits: { email: 'idem@example.com' } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.rest('POST', '/admin/identities', body, headers)),
    );
    assert.equal([...new Set(answers.map(({ status }) => status))], [201]);
    assert.is(new Set(answers.map(({ body }) => body.id)).size, 1);
    const other = { traits: { email: 'other@example.com' } };
    assert.is((await admin.rest('POST', '/admin/identities', other, headers)).status, 422);
  });

  test('scopes: a reader reads, and neither writes nor asks for configs; credentials need admin', async () => {
    const { app } = context();
    const { id } = await admin.create({ email: 'scopes@example.com' });
    const reader = restAs(app.rest, await app.key('identities', 'admin', 'read'));
    assert.is((await reader('GET', `/admin/identities/${id}`)).status, 200);
    assert.is((await reader('GET', `/admin/identities/${id}?include_credential=password`)).status, 403);
    assert.is((await reader('GET', '/admin/identities?include_credential=password')).status, 403);
    assert.is((await reader('POST', '/admin/identities', { traits: {} })).status, 403);
    const writer = restAs(app.rest, await app.key('identities', 'admin', 'read', 'write'));
    assert.is((await writer('POST', '/admin/identities', { traits: {} })).status, 201);
    const credentials = { password: { config: { password: 'correct horse' } } };
    assert.is((await writer('POST', '/admin/identities', { traits: {}, credentials })).status, 403);
    assert.is((await writer('DELETE', `/admin/identities/${id}/credentials/password`)).status, 403);
    const anonymous = restAs(app.rest, undefined);
    const { status, body } = await anonymous('GET', '/admin/identities');
    assert.equal([status, body.error.code, body.error.status], [401, 401, 'Unauthorized']);
  });

  test('routing errors have the shape, too', async () => {
    const wrong = await admin.rest('PURGE', '/admin/identities').catch(() => undefined);
    assert.ok(wrong === undefined || wrong.status === 400 || wrong.status === 405);
    const method = await admin.rest('PUT', '/admin/identities');
    assert.equal([method.status, method.body.error.code], [405, 405]);
    assert.match(method.headers.get('allow') ?? '', 'POST');
    const path = await admin.rest('GET', '/api/admin/shoes');
    assert.equal([path.status, path.body.error.status], [404, 'Not Found']);
    const large = await admin.rest('POST', '/admin/identities', {
      traits: {},
      metadata_admin: 'x'.repeat(1 << 20),
    });
    assert.equal([large.status, large.body.error.code], [413, 413]);
  });

  test('another tenant finds nothing of it', async () => {
    const { app } = context();
    const made = await admin.create({ email: 'mine@example.com' }, { external_id: 'mine' });
    const other = await adminRest(app, 'others');
    for (const path of [made.id, 'by/external/mine'])
      assert.is((await other.rest('GET', `/admin/identities/${path}`)).status, 404);
    assert.equal(
      (await other.rest('GET', '/admin/identities?credentials_identifier=mine@example.com')).body,
      [],
    );
    assert.equal((await other.rest('GET', `/admin/identities?ids=${made.id}`)).body, []);
    await other.create({ email: 'mine@example.com' }, { external_id: 'mine' });
  });
});

function trimmed(body: { traits: { email?: string }; external_id?: string }) {
  return {
    ...body,
    traits: { ...body.traits, ...(body.traits.email && { email: body.traits.email.trim() }) },
  };
}
