import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;

/** The body of the document's curls for contacts, to the letter. */
const CONTACT = `{
  "key": "email",
  "value": "client@email.com",
  "uuid": null
}`;

forEachApp('profile contacts', {}, (test, context) => {
  let profiles: Rest;
  test.before(async () => {
    const { app } = context();
    profiles = restAs(app.rest, await app.key('contacts', 'profiles'));
  });
  const make = async (contacts: object[] = []) =>
    `/profiles/${(await profiles('POST', '/profiles', { contacts })).body.profileId}`;
  const fields = (body: { errors?: { field: string }[] }) => (body.errors ?? []).map(({ field }) => field);

  test('P-9, P-8, P-10, P-12 the document’s calls, one after the other', async () => {
    const path = await make();
    const added = await profiles('POST', `${path}/contacts`, CONTACT);
    assert.is(added.status, 201);
    const { contactId, createTime, updateTime, ...rest } = added.body;
    assert.equal(rest, { key: 'email', value: 'client@email.com', uuid: null });
    assert.match(createTime, TIME);
    assert.is(updateTime, createTime);
    const one = `${path}/contacts/${contactId}`;
    assert.equal((await profiles('GET', one)).body, added.body);
    for (const method of ['PUT', 'PATCH']) {
      const { status, body } = await profiles(method, `/v1${one}`, CONTACT);
      assert.equal([status, body], [200, added.body], method);
    }
    const gone = await profiles('DELETE', one);
    assert.equal([gone.status, gone.body], [204, undefined]);
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, body } = await profiles(method, one, method === 'PUT' ? {} : undefined);
      assert.equal([status, body], [404, { code: 404, message: 'Contact not found.' }], method);
    }
  });

  test('P-7 the list is a bare array in the order of insertion', async () => {
    const path = await make([{ key: 'email', value: 'z@b.co' }]);
    for (const value of ['a@b.co', 'm@b.co'])
      await profiles('POST', `${path}/contacts`, { key: 'email', value });
    const { status, body } = await profiles('GET', `${path}/contacts`);
    assert.is(status, 200);
    assert.equal(
      body.map(({ value }: { value: string }) => value),
      ['z@b.co', 'a@b.co', 'm@b.co'],
    );
    assert.equal((await profiles('GET', path)).body.contacts, body);
  });

  test('E-14 a change of a contact moves the profile’s update time and etag', async () => {
    const path = await make([{ key: 'email', value: 'a@b.co' }]);
    const before = (await profiles('GET', path)).body;
    const one = `${path}/contacts/${before.contacts[0].contactId}`;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const changed = await profiles('PATCH', one, { value: 'c@d.co' });
    const after = await profiles('GET', path);
    assert.is(after.headers.get('etag'), '"2"');
    assert.ok(after.body.updateTime > before.updateTime);
    assert.equal(
      [after.body.updateTime, after.body.createTime],
      [changed.body.updateTime, before.createTime],
    );
    assert.is(changed.body.createTime, before.contacts[0].createTime);
    await profiles('PATCH', one, { value: 'c@d.co' });
    assert.is((await profiles('GET', path)).headers.get('etag'), '"2"');
    assert.is((await profiles('DELETE', one, undefined, { 'if-match': '"1"' })).status, 412);
    await profiles('DELETE', one);
    assert.is((await profiles('GET', path)).headers.get('etag'), '"3"');
  });

  for (const [title, body, field] of [
    ['a key that is none', { key: 'fax', value: '+9876543210' }, 'key'],
    ['a key in capitals', { key: 'EMAIL', value: 'a@b.co' }, 'key'],
    ['null as a key', { key: null, value: 'a@b.co' }, 'key'],
    ['null as a value', { key: 'email', value: null }, 'value'],
    ['an empty value', { key: 'email', value: '' }, 'value'],
    ['no address', { key: 'email', value: 'client' }, 'value'],
    ['two addresses', { key: 'email', value: 'a@b.co,c@d.co' }, 'value'],
    ['an address of 255 characters', { key: 'email', value: `${'l'.repeat(243)}@example.com` }, 'value'],
    ['a phone with spaces', { key: 'phone', value: '+98 765 43210' }, 'value'],
    ['a phone without +', { key: 'phone', value: '9876543210' }, 'value'],
    ['a number as a phone', { key: 'phone', value: 9876543210 }, 'value'],
    ['a uuid of 256 characters', { key: 'email', value: 'a@b.co', uuid: 'u'.repeat(256) }, 'uuid'],
  ] as const) {
    test(`P-9, P-10, E-11 ${title} is 400 and named, alone, in a change and in a create`, async () => {
      const path = await make([{ key: 'email', value: 'kept@b.co' }]);
      const before = (await profiles('GET', path)).body;
      const one = `${path}/contacts/${before.contacts[0].contactId}`;
      for (const [method, url] of [
        ['POST', `${path}/contacts`],
        ['PUT', one],
        ['PATCH', one],
      ] as const) {
        const answer = await profiles(method, url, body);
        assert.equal([answer.status, fields(answer.body)], [400, [field]], method);
      }
      const good = { key: 'email', value: 'good@b.co' };
      const whole = await profiles('POST', '/profiles', { firstName: title, contacts: [good, body] });
      assert.equal([whole.status, fields(whole.body)], [400, [`contacts[1].${field}`]]);
      const named = `/profiles?filter[name]=${encodeURIComponent(title)}`;
      assert.equal((await profiles('GET', named)).body, []);
      assert.equal((await profiles('GET', path)).body, before);
    });
  }

  test('P-9 a contact that is posted again under one Idempotency-Key is there once', async () => {
    const path = await make();
    const headers = { 'idempotency-key': 'k' };
    const given = { key: 'email', value: 'a@b.co', uuid: `once-${path}` };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => profiles('POST', `${path}/contacts`, given, headers)),
    );
    assert.equal([...new Set(answers.map(({ status }) => status))], [201]);
    assert.is(new Set(answers.map(({ body }) => body.contactId)).size, 1);
    assert.is((await profiles('GET', path)).headers.get('etag'), '"2"');
    const other = await profiles('POST', `${path}/contacts`, { ...given, value: 'c@d.co' }, headers);
    assert.is(other.status, 422);
    // The key counts for the profile; without one, and once the contact is gone, it is made.
    const elsewhere = await make();
    const there = await profiles('POST', `${elsewhere}/contacts`, { key: 'email', value: 'a@b.co' }, headers);
    assert.is(there.status, 201);
    await profiles('DELETE', `${path}/contacts/${answers[0]!.body.contactId}`);
    const anew = await profiles('POST', `${path}/contacts`, given, headers);
    assert.is(anew.status, 201);
    assert.not(anew.body.contactId === answers[0]!.body.contactId);
  });

  test('P-9 key and value are required', async () => {
    const { status, body } = await profiles('POST', `${await make()}/contacts`, {});
    assert.equal([status, fields(body)], [400, ['key', 'value']]);
  });

  test('P-10 any field may be given, and the pair must fit after the change', async () => {
    const path = await make([{ key: 'email', value: 'a@b.co', uuid: 'c-1' }]);
    const { contactId } = (await profiles('GET', path)).body.contacts[0];
    const one = `${path}/contacts/${contactId}`;
    const alone = await profiles('PUT', one, { key: 'phone' });
    assert.equal([alone.status, fields(alone.body)], [400, ['value']]);
    const both = await profiles('PUT', one, { key: 'phone', value: '+9876543210' });
    assert.equal([both.body.key, both.body.value, both.body.uuid], ['phone', '+9876543210', 'c-1']);
    assert.is((await profiles('PATCH', one, { uuid: null })).body.uuid, null);
    assert.is((await profiles('PATCH', one, {})).status, 200);
  });

  test('a contact’s uuid is one contact’s of the tenant, also within one profile', async () => {
    const contact = (uuid: string) => ({ key: 'email', value: 'a@b.co', uuid });
    const path = await make([contact('held'), contact('free')]);
    const { contacts } = (await profiles('GET', path)).body;
    const taken = [
      await profiles('POST', `${path}/contacts`, contact('held')),
      await profiles('POST', `${await make()}/contacts`, contact('held')),
      await profiles('POST', '/profiles', { contacts: [contact('n'), contact('n')] }),
      await profiles('PUT', `${path}/contacts/${contacts[1].contactId}`, { uuid: 'held' }),
    ];
    for (const { status, body } of taken) {
      assert.equal([status, body.message], [409, 'Another contact already holds this uuid.']);
    }
    await profiles('DELETE', `${path}/contacts/${contacts[0].contactId}`);
    assert.is((await profiles('POST', `${path}/contacts`, contact('held'))).status, 201);
  });

  test('a contact of another profile is 404', async () => {
    const [path, other] = [await make([{ key: 'email', value: 'a@b.co' }]), await make()];
    const { contactId } = (await profiles('GET', path)).body.contacts[0];
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { value: 'eve@b.co' } : undefined;
      assert.is((await profiles(method, `${other}/contacts/${contactId}`, body)).status, 404, method);
    }
    assert.is((await profiles('GET', `${path}/contacts/${contactId}`)).body.value, 'a@b.co');
  });

  test('50 contacts at once are all kept; the 101st is 400 contact_limit', async () => {
    const path = await make();
    const add = () => profiles('POST', `${path}/contacts`, CONTACT);
    const answers = await Promise.all(Array.from({ length: 50 }, add));
    assert.ok(answers.every(({ status }) => status === 201));
    const ids = answers.map(({ body }) => body.contactId).sort();
    const kept = (await profiles('GET', `${path}/contacts`)).body;
    assert.equal(kept.map(({ contactId }: { contactId: string }) => contactId).sort(), ids);
    await Promise.all(Array.from({ length: 50 }, add));
    const over = await add();
    assert.equal([over.status, fields(over.body)], [400, ['contacts']]);
    assert.match(over.body.errors[0].message, 'contact_limit');
    const contacts = Array.from({ length: 101 }, () => JSON.parse(CONTACT));
    assert.equal(fields((await profiles('POST', '/profiles', { contacts })).body), ['contacts']);
    assert.is(
      (await profiles('POST', '/profiles', { contacts: contacts.slice(1) })).body.contacts.length,
      100,
    );
  });
});
