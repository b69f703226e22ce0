import * as assert from 'uvu/assert';
import { IdentitiesServiceDefinition } from '../../src/gen/facet/outreach/v1/identities.js';
import { forEachApp } from '../support/for-each-app.js';
import { failureText, grpcClient } from '../support/grpc.js';

const ADA = { firstName: 'Ada', lastName: 'Byron', role: 'Analyst' };
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

// Whether the gateway dials the service or calls it in its own process, callers see the same.
for (const transport of ['local', 'wire'] as const)
  forEachApp(`outreach identities, ${transport}`, { transport }, (test, context) => {
    test('O-1 create answers 201 with the identity, and nothing that is not documented', async () => {
      const { status, headers, body } = await context().acme('POST', '/v1/identities', ADA);
      assert.is(status, 201);
      assert.is(headers.get('content-type'), 'application/json');
      assert.is(body.status, 'success');
      const { id, identity_id, created_at, updated_at, ...rest } = body.identity;
      assert.match(id, UUID_V7);
      assert.is(identity_id, id);
      assert.match(created_at, TIME);
      assert.is(updated_at, created_at);
      assert.equal(rest, {
        firstName: 'Ada',
        lastName: 'Byron',
        role: 'Analyst',
        jobTitle: 'Analyst',
        tenant_id: 'acme',
        linkedin: {
          connected: false,
          status: 'not_connected',
          profile_id: null,
          country: null,
          last_login_at: null,
          last_error: null,
        },
      });
    });

    test('O-1 names are trimmed, unknown fields ignored, jobTitle stands in for role', async () => {
      const given = { firstName: ' Ada ', lastName: 'Byron', jobTitle: ' Analyst', nickname: 'x' };
      const { status, body } = await context().acme('POST', '/v1/identities', given);
      assert.is(status, 201);
      assert.equal([body.identity.firstName, body.identity.role], ['Ada', 'Analyst']);
    });

    test('O-1 role and jobTitle that differ are refused', async () => {
      const { status, body } = await context().acme('POST', '/v1/identities', {
        ...ADA,
        jobTitle: 'Countess',
      });
      assert.is(status, 400);
      assert.is(body.details[0].field, 'role');
    });

    test('O-1 255 characters are kept, 256 are refused, both counted in code points', async () => {
      const long = '𝒜'.repeat(255);
      const kept = await context().acme('POST', '/v1/identities', { ...ADA, firstName: long });
      assert.equal([kept.status, kept.body.identity.firstName], [201, long]);
      const refused = await context().acme('POST', '/v1/identities', { ...ADA, firstName: `${long}𝒜` });
      assert.equal([refused.status, refused.body.details[0].field], [400, 'firstName']);
    });

    test('O-1 O-4 lengths and whether role and jobTitle agree count without the spaces around', async () => {
      const { acme } = context();
      const name = 'x'.repeat(255);
      const kept = await acme('POST', '/v1/identities', {
        firstName: ` ${name}\n`,
        lastName: '\tByron ',
        role: 'Countess ',
        jobTitle: ' Countess',
      });
      assert.is(kept.status, 201);
      const { firstName, lastName, role, identity_id: id } = kept.body.identity;
      assert.equal([firstName, lastName, role], [name, 'Byron', 'Countess']);
      const blank = await acme('POST', '/v1/identities', { ...ADA, role: ' ', jobTitle: 'Countess' });
      assert.equal([blank.status, blank.body.identity.role], [201, 'Countess']);
      const renamed = await acme('PUT', `/v1/identities/${id}`, { jobTitle: ` ${name} ` });
      assert.is(renamed.status, 200, JSON.stringify(renamed.body));
      assert.is(renamed.body.identity.jobTitle, name);
      const refused = await acme('PUT', `/v1/identities/${id}`, { jobTitle: ` ${name}x ` });
      assert.equal([refused.status, refused.body.details[0].field], [400, 'jobTitle']);
    });

    test('O-2 list is newest first and whole; a page has a cursor to the next', async () => {
      const { app } = context();
      const key = await app.key('lister');
      const { restAs } = await import('../support/rest.js');
      const lister = restAs(app.rest, key);
      const made: string[] = [];
      for (let n = 0; n < 5; n++) {
        made.unshift(
          (await lister('POST', '/v1/identities', { ...ADA, lastName: `N${n}` })).body.identity.id,
        );
      }
      const ids = (body: { identities: { id: string }[] }) => body.identities.map(({ id }) => id);
      const whole = await lister('GET', '/v1/identities');
      assert.equal(ids(whole.body), made);
      assert.not.ok('next_cursor' in whole.body);
      const first = await lister('GET', '/v1/identities?limit=2');
      const second = await lister('GET', `/v1/identities?limit=2&cursor=${first.body.next_cursor}`);
      const third = await lister('GET', `/v1/identities?limit=2&cursor=${second.body.next_cursor}`);
      assert.equal([...ids(first.body), ...ids(second.body), ...ids(third.body)], made);
      assert.not.ok('next_cursor' in third.body);
    });

    test('O-2 a cursor of another tenant, a broken one and a wrong limit are refused by name', async () => {
      const { acme, other } = context();
      await acme('POST', '/v1/identities', ADA);
      await acme('POST', '/v1/identities', ADA);
      const cursor = (await acme('GET', '/v1/identities?limit=1')).body.next_cursor;
      for (const [rest, query, field] of [
        [other, `cursor=${cursor}`, 'cursor'],
        [acme, `cursor=${cursor.slice(0, -2)}`, 'cursor'],
        [acme, 'limit=0', 'limit'],
        [acme, 'limit=1001', 'limit'],
        [acme, 'limit=many', 'limit'],
      ] as const) {
        const { status, body } = await rest('GET', `/v1/identities?${query}`);
        assert.equal([status, body.details?.[0].field], [400, field], query);
      }
    });

    test('O-3 get answers the identity with its ETag', async () => {
      const made = await context().acme('POST', '/v1/identities', ADA);
      const { status, headers, body } = await context().acme(
        'GET',
        `/v1/identities/${made.body.identity.id}`,
      );
      assert.is(status, 200);
      assert.is(headers.get('etag'), '"1"');
      assert.equal(body, made.body);
    });

    test('O-4 put changes what is given, and {} changes nothing', async () => {
      const { acme } = context();
      const { identity } = (await acme('POST', '/v1/identities', ADA)).body;
      const path = `/v1/identities/${identity.id}`;
      const put = await acme('PUT', path, { jobTitle: 'Countess' });
      assert.is(put.status, 200);
      assert.equal([put.body.identity.firstName, put.body.identity.role], ['Ada', 'Countess']);
      assert.equal([put.body.identity.jobTitle, put.headers.get('etag')], ['Countess', '"2"']);
      const empty = await acme('PUT', path, {});
      assert.equal([empty.status, empty.headers.get('etag')], [200, '"2"']);
      assert.equal(empty.body, put.body);
    });

    test('O-4 what a get answered can be put back with another title', async () => {
      const { acme } = context();
      const { identity } = (await acme('POST', '/v1/identities', ADA)).body;
      const { status, body } = await acme('PUT', `/v1/identities/${identity.id}`, {
        ...identity,
        jobTitle: 'Countess',
      });
      assert.equal([status, body.identity.jobTitle], [200, 'Countess']);
    });

    for (const [title, change] of [
      ['a blank', { firstName: ' ' }],
      ['a null', { firstName: null }],
      ['a number', { firstName: 5 }],
    ] as const) {
      test(`O-4 ${title} is refused and changes nothing`, async () => {
        const { acme } = context();
        const { identity } = (await acme('POST', '/v1/identities', ADA)).body;
        const { status, body } = await acme('PUT', `/v1/identities/${identity.id}`, {
          ...change,
          lastName: 'X',
        });
        assert.equal([status, body.status, body.details[0].field], [400, 'error', 'firstName']);
        const after = await acme('GET', `/v1/identities/${identity.id}`);
        assert.equal(after.body.identity, identity);
      });
    }

    test('O-5 delete answers the envelope, and the second one 404', async () => {
      const { acme } = context();
      const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
      const gone = await acme('DELETE', `/v1/identities/${id}`);
      assert.is(gone.status, 200);
      assert.equal(gone.body, { status: 'success', message: 'Identity deleted', identity_id: id });
      assert.is((await acme('DELETE', `/v1/identities/${id}`)).status, 404);
      assert.is((await acme('GET', `/v1/identities/${id}`)).status, 404);
      const list = await acme('GET', '/v1/identities');
      assert.not.ok(list.body.identities.some((identity: { id: string }) => identity.id === id));
    });

    test('another tenant gets the same 404 as for an unknown id, and the record stays', async () => {
      const { acme, other } = context();
      const { identity } = (await acme('POST', '/v1/identities', ADA)).body;
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', { firstName: 'Eve' }],
        ['DELETE', undefined],
      ] as const) {
        const foreign = await other(method, `/v1/identities/${identity.id}`, body);
        const unknown = await other(method, '/v1/identities/01900000-0000-7000-8000-000000000000', body);
        assert.is(foreign.status, 404, method);
        assert.equal({ ...foreign.body, timestamp: '' }, { ...unknown.body, timestamp: '' });
      }
      assert.equal((await acme('GET', `/v1/identities/${identity.id}`)).body.identity, identity);
    });

    for (const id of [
      'nonsense',
      'a%2Fb',
      '%00',
      '..%2f..',
      `${'x'.repeat(4000)}`,
      '$where',
      '%7B%22$ne%22:null%7D',
    ]) {
      test(`the malformed id ${id.slice(0, 20)} is 404`, async () => {
        assert.is((await context().acme('GET', `/v1/identities/${id}`)).status, 404);
      });
    }

    test('errors have the documented body', async () => {
      const { status, headers, body } = await context().acme('GET', '/v1/identities/nonsense');
      assert.is(status, 404);
      assert.is(headers.get('content-type'), 'application/json');
      assert.match(body.timestamp, TIME);
      assert.equal(
        { ...body, timestamp: '' },
        {
          status: 'error',
          error: 'Identity not found.',
          code: 'not_found',
          timestamp: '',
        },
      );
    });

    test('all missing and blank fields are named at once', async () => {
      const { status, body } = await context().acme('POST', '/v1/identities', { lastName: '  ' });
      assert.is(status, 400);
      assert.equal(body.details.map(({ field }: { field: string }) => field).sort(), [
        'firstName',
        'lastName',
        'role',
      ]);
    });

    test('all wrong types are named at once', async () => {
      const { status, body } = await context().acme('POST', '/v1/identities', {
        firstName: 1,
        lastName: {},
        role: [],
      });
      assert.is(status, 400);
      assert.equal(
        body.details.map(({ field }: { field: string }) => field),
        ['firstName', 'lastName', 'role'],
      );
    });

    for (const [title, body, status] of [
      ['broken JSON', '{"firstName":', 400],
      ['an array', '[]', 400],
      ['null', 'null', 400],
      ['two values', '{} {}', 400],
      ['duplicate keys', '{"firstName":"a","firstName":"b"}', 400],
      ['nesting 100,000 deep', '['.repeat(100_000), 400],
      ['a NUL', '{"firstName":"a\\u0000","lastName":"b","role":"c"}', 400],
      ['2 MiB', `{"firstName":"${'x'.repeat(2 << 20)}"}`, 413],
      ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ] as const) {
      test(`${title} is ${status} in the contract's shape, and nothing is written`, async () => {
        const { acme } = context();
        const before = (await acme('GET', '/v1/identities')).body.identities.length;
        const answer = await acme('POST', '/v1/identities', body);
        assert.equal([answer.status, answer.body.status], [status, 'error']);
        assert.is((await acme('GET', '/v1/identities')).body.identities.length, before);
      });
    }

    test('a body is read as JSON whatever its content type', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const { status } = await context().acme('POST', '/v1/identities', ADA, { 'content-type': type });
        assert.is(status, 201, type);
      }
    });

    test('a path that another method has is 405 with Allow, an unknown one 404, a trailing slash is ignored', async () => {
      const { acme } = context();
      const wrong = await acme('PATCH', '/v1/identities/x', {});
      assert.is(wrong.status, 405);
      assert.match(wrong.headers.get('allow')!, 'PUT');
      assert.equal(
        [(await acme('GET', '/v1/nothing')).status, (await acme('GET', '/v1/identities/')).status],
        [404, 200],
      );
    });

    test('50 concurrent changes of one record are all applied', async () => {
      const { acme } = context();
      const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => acme('PUT', `/v1/identities/${id}`, { jobTitle: `T${n}` })),
      );
      assert.ok(answers.every(({ status }) => status === 200));
      assert.is((await acme('GET', `/v1/identities/${id}`)).headers.get('etag'), '"51"');
    });

    test('over gRPC a mask names the fields, all of them with "*", and no others', async () => {
      const { app, acme } = context();
      const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
      const identities = grpcClient(IdentitiesServiceDefinition, app.grpc, await app.key('acme'));
      const put = (updateMask: string[] | undefined, identity: object) =>
        identities.updateIdentity({ identityId: id, identity, updateMask }).then(
          (answer) => answer.identity!.firstName,
          (error) => failureText(error),
        );
      const whole = { firstName: 'Augusta', lastName: 'King', jobTitle: 'Countess' };
      for (const path of ['role', 'firstName', 'first_name.x', '__proto__']) {
        assert.match(await put(['last_name', path], whole), 'update_mask', path);
      }
      assert.is((await acme('GET', `/v1/identities/${id}`)).headers.get('etag'), '"1"');
      assert.is(await put(['last_name'], whole), 'Ada');
      assert.match(await put(['*'], { firstName: 'Augusta' }), 'last_name');
      assert.is(await put(['*'], whole), 'Augusta');
      assert.is(await put(undefined, { firstName: ' Ada ' }), 'Ada');
      identities.close();
    });

    test('a stale If-Match is 412 and changes nothing, the right one is let through', async () => {
      const { acme } = context();
      const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
      const path = `/v1/identities/${id}`;
      assert.is((await acme('PUT', path, { firstName: 'B' }, { 'if-match': '"1"' })).status, 200);
      const stale = await acme('PUT', path, { firstName: 'C' }, { 'if-match': '"1"' });
      assert.equal([stale.status, stale.body.code], [412, 'etag_mismatch']);
      assert.is((await acme('DELETE', path, undefined, { 'if-match': '"1"' })).status, 412);
      assert.is((await acme('GET', path)).body.identity.firstName, 'B');
      const racers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          acme('PUT', path, { firstName: `R${n}` }, { 'if-match': '"2"' }),
        ),
      );
      assert.is(racers.filter(({ status }) => status === 200).length, 1);
    });

    test('conditions and keys that cannot be passed on are 400, and nothing is written', async () => {
      const { acme } = context();
      const { id } = (await acme('POST', '/v1/identities', ADA)).body.identity;
      const put = await acme(
        'PUT',
        `/v1/identities/${id}`,
        { role: 'x', jobTitle: 'x' },
        { 'if-match': '"\u00e9"' },
      );
      assert.equal(
        [put.status, put.body.code, put.body.details],
        [400, 'invalid_header', [{ field: 'if-match', message: 'may have printable ASCII only' }]],
      );
      assert.is((await acme('POST', '/v1/identities', ADA, { 'idempotency-key': 'cl\u00e9' })).status, 400);
      assert.is((await acme('GET', `/v1/identities/${id}`)).headers.get('etag'), '"1"');
    });

    test('50 creates under one idempotency key make one identity', async () => {
      const { acme, other } = context();
      const headers = { 'idempotency-key': 'k-1' };
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => acme('POST', '/v1/identities', ADA, headers)),
      );
      assert.equal([...new Set(answers.map(({ status }) => status))], [201]);
      assert.is(new Set(answers.map(({ body }) => body.identity.id)).size, 1);
      const reused = await acme('POST', '/v1/identities', { ...ADA, role: 'Other' }, headers);
      assert.equal([reused.status, reused.body.code], [422, 'idempotency_key_reused']);
      assert.not.equal(
        (await other('POST', '/v1/identities', ADA, headers)).body.identity.id,
        answers[0]!.body.identity.id,
      );
    });
  });
