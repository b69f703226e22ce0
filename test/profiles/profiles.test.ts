import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { ProfilesServiceDefinition } from '../../src/gen/facet/profiles/v1/profiles.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { type Rest, restAs } from '../support/rest.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;

/** The bodies of the document's curls, to the letter. */
const CREATE = `{
  "contacts": [
    {
      "key": "email",
      "value": "client@email.com",
      "uuid": null
    },
    {
      "key": "phone",
      "value": "+9876543210",
      "uuid": null
    }
  ],
  "countryNumericCode": "840",
  "enabled": true,
  "firstName": "Mary",
  "middleName": "Jane",
  "lastName": "Smith",
  "uuid": null
}`;
const UPDATE = `{
  "enabled": true,
  "firstName": "Mary",
  "lastName": "Smith",
  "middleName": "Jane",
  "countryNumericCode": "840",
  "uuid": null
}`;

forEachApp('profiles', {}, (test, context) => {
  let profiles: Rest;
  let foreign: Rest;
  test.before(async () => {
    const { app } = context();
    profiles = restAs(app.rest, await app.key('profiles', 'profiles'));
    foreign = restAs(app.rest, await app.key('foreign', 'profiles'));
  });
  const make = async (body: object = {}) => {
    const made = await profiles('POST', '/v1/profiles', body);
    assert.is(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  const fields = (body: { errors?: { field: string }[] }) => (body.errors ?? []).map(({ field }) => field);

  test('a create repeated under its Idempotency-Key once the profile is deleted makes a new one', async () => {
    const headers = { 'idempotency-key': 'after-delete' };
    const given = { firstName: 'Ada', uuid: 'after-delete' };
    const first = (await profiles('POST', '/profiles', given, headers)).body.profileId;
    assert.is((await profiles('POST', '/profiles', given, headers)).body.profileId, first);
    await profiles('DELETE', `/profiles/${first}`);
    const again = await profiles('POST', '/profiles', given, headers);
    assert.is(again.status, 201);
    assert.not(again.body.profileId === first);
  });

  test('P-3 the document’s create answers 201 with the whole profile', async () => {
    const { status, body, headers } = await profiles('POST', '/profiles', CREATE);
    assert.is(status, 201);
    assert.is(headers.get('etag'), '"1"');
    const { profileId, createTime, updateTime, contacts, ...rest } = body;
    assert.match(profileId, UUID_V7);
    assert.match(createTime, TIME);
    assert.is(updateTime, createTime);
    assert.equal(rest, {
      countryNumericCode: '840',
      country: {
        countryId: '840',
        countryName: 'United States',
        alpha2Code: 'US',
        alpha3Code: 'USA',
        numericCode: '840',
        geographicRegionNumericCode: '021',
        geographicRegionName: 'Northern America',
        createTime: '2021-01-01T00:00:00+00:00',
        updateTime: '2021-01-01T00:00:00+00:00',
      },
      enabled: true,
      firstName: 'Mary',
      middleName: 'Jane',
      lastName: 'Smith',
      name: 'Mary Jane Smith',
      tags: [],
      uuid: null,
    });
    for (const contact of contacts) assert.match(contact.contactId, UUID_V7);
    assert.equal(
      contacts.map(({ contactId: _, ...contact }: { contactId: string }) => contact),
      [
        { key: 'email', value: 'client@email.com', createTime, updateTime: createTime, uuid: null },
        { key: 'phone', value: '+9876543210', createTime, updateTime: createTime, uuid: null },
      ],
    );
    assert.equal((await profiles('GET', `/profiles/${profileId}`)).body, body);
  });

  test('P-3 nothing is required, and what is not given is null', async () => {
    const { profileId, createTime, updateTime, ...rest } = await make({});
    assert.ok(profileId && createTime === updateTime);
    assert.equal(rest, {
      contacts: [],
      countryNumericCode: null,
      country: null,
      enabled: true,
      firstName: null,
      middleName: null,
      lastName: null,
      name: '',
      tags: [],
      uuid: null,
    });
    const disabled = await make({ enabled: false, firstName: null, tags: ['x'], profileId: 'mine', more: 1 });
    assert.equal([disabled.enabled, disabled.firstName, disabled.tags], [false, null, []]);
    assert.not.equal(disabled.profileId, 'mine');
  });

  for (const name of ['firstName', 'middleName', 'lastName', 'uuid']) {
    test(`P-3 ${name} may have 255 characters and not 256, counted in code points`, async () => {
      const long = '𝒜'.repeat(255);
      const made = await make({ [name]: long });
      assert.is(made[name], long);
      for (const [method, path] of [
        ['POST', '/profiles'],
        ['PUT', `/profiles/${made.profileId}`],
        ['PATCH', `/profile/${made.profileId}`],
      ] as const) {
        const { status, body } = await profiles(method, path, { [name]: `${long}b` });
        assert.equal([status, body.code, fields(body)], [400, 400, [name]], method);
        assert.is(body.message, 'Validation failed');
      }
      await profiles('DELETE', `/profiles/${made.profileId}`);
    });
  }

  for (const [title, body, field] of [
    ['a number as a name', { firstName: 5 }, 'firstName'],
    ['a number as a country', { countryNumericCode: 840 }, 'countryNumericCode'],
    ['two digits', { countryNumericCode: '36' }, 'countryNumericCode'],
    ['an empty country', { countryNumericCode: '' }, 'countryNumericCode'],
    ['a country that is none', { countryNumericCode: '999' }, 'countryNumericCode'],
    ['null for enabled', { enabled: null }, 'enabled'],
    ['text for enabled', { enabled: 'true' }, 'enabled'],
    ['a number as uuid', { uuid: 9 }, 'uuid'],
    ['a NUL in a name', { lastName: 'a\0' }, 'lastName'],
  ] as const) {
    test(`P-3, P-4 ${title} is 400 and named, on every way to write`, async () => {
      const { profileId, ...before } = await make({ firstName: 'Kept' });
      for (const [method, path] of [
        ['POST', '/profiles'],
        ['PUT', `/profiles/${profileId}`],
        ['PATCH', `/profiles/${profileId}`],
        ['PUT', `/v1/profile/${profileId}`],
        ['PATCH', `/v1/profile/${profileId}`],
      ] as const) {
        const answer = await profiles(method, path, body);
        assert.equal([answer.status, fields(answer.body)], [400, [field]], `${method} ${path}`);
      }
      assert.equal((await profiles('GET', `/profiles/${profileId}`)).body, { profileId, ...before });
    });
  }

  test('P-3 contacts that are no list, and everything wrong in them, are named at once', async () => {
    const { status, body } = await profiles('POST', '/profiles', {
      firstName: 1,
      contacts: [{ key: 'email', value: 5 }, 'x', { key: null }],
    });
    assert.is(status, 400);
    assert.equal(fields(body), ['firstName', 'contacts[0].value', 'contacts[1]', 'contacts[2].key']);
    assert.equal(fields((await profiles('POST', '/profiles', { contacts: {} })).body), ['contacts']);
  });

  test('P-4, P-5 the document’s update, by PUT and PATCH, singular and plural, with /v1 and without', async () => {
    const made = await make({ firstName: 'Old' });
    const answers = [];
    for (const method of ['PUT', 'PATCH']) {
      for (const path of [
        '/profile',
        '/profiles',
        '/v1/profile',
        '/v1/profiles',
        '/api/profiles/v1/profile',
      ]) {
        const { status, body } = await profiles(method, `${path}/${made.profileId}`, UPDATE);
        assert.is(status, 200, `${method} ${path}`);
        answers.push(body);
      }
    }
    assert.equal(new Set(answers.map((body) => JSON.stringify(body))).size, 1);
    assert.equal([answers[0].name, answers[0].country.alpha3Code], ['Mary Jane Smith', 'USA']);
  });

  test('E-10 an update keeps what is absent and clears what is null', async () => {
    const all = { firstName: 'A', middleName: 'B', lastName: 'C', countryNumericCode: '036', uuid: 'keep-1' };
    const made = await make({ ...all, contacts: [{ key: 'email', value: 'a@b.co' }] });
    const path = `/profiles/${made.profileId}`;
    const one = (await profiles('PUT', path, { middleName: 'M' })).body;
    assert.equal({ ...one, updateTime: '' }, { ...made, middleName: 'M', name: 'A M C', updateTime: '' });
    const none = await profiles('PATCH', path, {});
    assert.equal([none.status, none.body, none.headers.get('etag')], [200, one, '"2"']);
    for (const name of ['firstName', 'middleName', 'lastName', 'countryNumericCode', 'uuid']) {
      assert.is((await profiles('PATCH', path, { [name]: null })).body[name], null, name);
    }
    const cleared = (await profiles('PUT', path, { contacts: [], tags: ['x'], enabled: false })).body;
    assert.equal([cleared.name, cleared.country, cleared.enabled], ['', null, false]);
    assert.equal([cleared.contacts, cleared.tags], [made.contacts, []]);
    const back = (await profiles('PUT', path, made)).body;
    assert.equal({ ...back, updateTime: '' }, { ...made, updateTime: '' });
  });

  test('E-6 a uuid is one profile’s of the tenant; an empty one is none', async () => {
    const made = await make({ uuid: '9' });
    const twin = await profiles('POST', '/profiles', { uuid: '9' });
    assert.equal([twin.status, twin.body.code], [409, 409]);
    assert.is(twin.headers.get('x-should-retry'), 'false');
    const other = await make({ uuid: '10' });
    assert.is((await profiles('PUT', `/profiles/${other.profileId}`, { uuid: '9' })).status, 409);
    assert.is((await foreign('POST', '/profiles', { uuid: '9' })).status, 201);
    assert.equal([(await make({ uuid: '' })).uuid, (await make({ uuid: '' })).uuid], [null, null]);
    await profiles('PUT', `/profiles/${made.profileId}`, { uuid: null });
    assert.is((await profiles('PUT', `/profiles/${other.profileId}`, { uuid: '9' })).status, 200);
    // Profiles, their contacts and external ids are apart.
    await make({ uuid: 'apart', contacts: [{ key: 'email', value: 'a@b.co', uuid: 'apart' }] });
    const core = restAs(context().app.rest, await context().app.key('profiles', 'core'));
    assert.is((await core('POST', '/v1/identities', { externalId: 'apart' })).status, 200);
  });

  test('50 profiles of one uuid at once: one 201 and 49 times 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => profiles('POST', '/profiles', { uuid: 'raced' })),
    );
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    assert.equal([count(201), count(409)], [1, 49]);
  });

  test('P-6 delete answers 204 without a body, its contacts go too, and the second is 404', async () => {
    const made = await make({ contacts: [{ key: 'email', value: 'a@b.co', uuid: 'gone-1' }], uuid: 'gone' });
    const path = `/profiles/${made.profileId}`;
    const gone = await profiles('DELETE', path);
    assert.equal([gone.status, gone.body], [204, undefined]);
    for (const [method, below, body] of [
      ['DELETE', ''],
      ['GET', ''],
      ['PUT', '', {}],
      ['GET', '/contacts'],
      ['GET', `/contacts/${made.contacts[0].contactId}`],
    ] as const) {
      assert.is((await profiles(method, path + below, body)).status, 404, method + below);
    }
    await make({ contacts: [{ key: 'email', value: 'a@b.co', uuid: 'gone-1' }], uuid: 'gone' });
  });

  test('E-16 an id that is not ours and one of another tenant are 404 in the same words', async () => {
    const made = await make({ contacts: [{ key: 'email', value: 'a@b.co' }] });
    const path = `/profiles/${made.profileId}`;
    const contact = `/contacts/${made.contacts[0].contactId}`;
    const unknown = (await foreign('GET', '/profiles/60ba407d15951453e60e49f8')).body;
    assert.equal(unknown, { code: 404, message: 'Profile not found.' });
    for (const [method, below, body] of [
      ['GET', ''],
      ['PUT', '', { firstName: 'Eve' }],
      ['PATCH', '', { firstName: 'Eve' }],
      ['GET', '/contacts'],
      ['POST', '/contacts', { key: 'email', value: 'eve@b.co' }],
      ['GET', contact],
      ['PUT', contact, { value: 'eve@b.co' }],
      ['DELETE', contact],
      ['DELETE', ''],
    ] as const) {
      const answer = await foreign(method, path + below, body);
      assert.equal([answer.status, answer.body], [404, unknown], method + below);
    }
    assert.equal((await profiles('GET', path)).body, made);
    for (const id of ['nonsense', '%00', 'a%2Fb', '$where', 'x'.repeat(4000)])
      assert.is((await profiles('GET', `/profiles/${id}`)).status, 404, id);
  });

  test('a stale If-Match is 412, and 50 concurrent updates are all applied', async () => {
    const { profileId } = await make();
    const path = `/profiles/${profileId}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => profiles('PATCH', path, { firstName: `N${n}` })),
    );
    assert.ok(answers.every(({ status }) => status === 200));
    const { headers } = await profiles('GET', path);
    assert.is(headers.get('etag'), '"51"');
    assert.is((await profiles('PUT', path, {}, { 'if-match': '"50"' })).status, 412);
    assert.is((await profiles('PUT', path, { lastName: 'L' }, { 'if-match': '"51"' })).status, 200);
  });

  test('a create under one Idempotency-Key makes one profile', async () => {
    const headers = { 'idempotency-key': 'profile-1' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => profiles('POST', '/profiles', CREATE, headers)),
    );
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
    assert.is((await profiles('POST', '/profiles', '{}', headers)).status, 422);
  });

  test('a mask over gRPC that names no field is refused', async () => {
    const { app } = context();
    const key = await app.key('profiles', 'profiles');
    const client = grpcClient(ProfilesServiceDefinition, app.grpc, key);
    const { profileId } = await make();
    const update = client.updateProfile({ profileId, profile: {}, updateMask: ['first_name', 'nickname'] });
    await refused(update, status.INVALID_ARGUMENT, 'update_mask');
    client.close();
  });

  test('errors of every kind have the contract’s body', async () => {
    const bare = restAs(context().app.rest, undefined);
    const none = await bare('GET', '/profiles');
    assert.equal([none.status, none.body.code, none.headers.get('www-authenticate')], [401, 401, 'Bearer']);
    const reader = restAs(context().app.rest, await context().app.key('profiles', 'profiles', 'read'));
    assert.equal((await reader('POST', '/profiles', '{}')).body.code, 403);
    const wrong = await profiles('POST', '/profiles/x', {});
    assert.equal([wrong.status, wrong.body.code], [405, 405]);
    assert.equal(wrong.headers.get('allow')?.split(', ').sort(), [
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'PUT',
    ]);
    for (const body of ['{"firstName":', '[]', 'null', '{} {}', '{"uuid":"a","uuid":"b"}']) {
      const broken = await profiles('POST', '/profiles', body);
      assert.equal([broken.status, broken.body.code, broken.body.errors.length], [400, 400, 1], body);
    }
  });
});
