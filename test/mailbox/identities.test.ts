import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ASSISTANT = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const NOBODY = '01900000-0000-7000-8000-000000000000';

forEachApp('mailbox identities', {}, (test, context) => {
  let mailbox: Rest;
  let foreign: Rest;
  let core: Rest;
  let domain: string;
  let count = 0;
  test.before(async () => {
    const { app } = context();
    mailbox = restAs(app.rest, await app.key('mail', 'mailbox'));
    foreign = restAs(app.rest, await app.key('stranger', 'mailbox'));
    core = restAs(app.rest, await app.key('mail', 'core'));
    domain = await addDomain(core, 'mail.example');
  });
  const input = (more: object = {}) => ({
    domain_id: domain,
    local_part: `box${count++}`,
    display_name: 'A box',
    ...more,
  });
  const make = async (more: object = {}) => {
    const made = await mailbox('POST', '/v1/identities', input(more));
    assert.is(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  const places = ({ detail }: { detail: { loc: string[] }[] }) => detail.map(({ loc }) => loc.join('.'));

  test('M-1 create answers 201 with all fifteen keys, nulls written out', async () => {
    const { status, body, headers } = await mailbox('POST', '/v1/identities', {
      domain_id: domain,
      local_part: 'Support.Team',
      display_name: 'Support',
    });
    assert.is(status, 201);
    assert.is(headers.get('etag'), '"1"');
    const { id, workspace_id, created_at, updated_at, ...rest } = body;
    assert.match(id, UUID);
    assert.match(workspace_id, /^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    assert.match(created_at, TIME);
    assert.is(updated_at, created_at);
    assert.equal(rest, {
      domain_id: domain,
      assistant_id: null,
      local_part: 'support.team',
      email_address: 'support.team@mail.example',
      display_name: 'Support',
      reply_to_email: null,
      signature_text: null,
      signature_html: null,
      thread_history_depth: 10,
      status: 'active',
      approval_channel: {},
    });
    assert.equal((await mailbox('GET', `/v1/identities/${id}`)).body, body);
    assert.equal((await mailbox('GET', `/v1/identities/${id.toUpperCase()}`)).body, body);
  });

  test('M-1 all that is given is kept', async () => {
    const given = {
      assistant_id: ASSISTANT,
      reply_to_email: 'Answers@Example.com',
      signature_text: 'Yours,\nA',
      signature_html: '<p onclick="x()">A</p>',
      thread_history_depth: 0,
      approval_channel: { slack: { channel: '#a', $where: 1, 'a.b': [null, 1.5] }, '': true },
    };
    const body = await make({ ...given, status: 'suspended', email_address: 'x@y.z', more: 1 });
    for (const [name, value] of Object.entries(given)) assert.equal(body[name], value, name);
    assert.equal([body.status, body.email_address.endsWith('@mail.example')], ['active', true]);
    assert.equal((await mailbox('GET', `/v1/identities/${body.id}`)).body, body);
    const nulls = Object.fromEntries(Object.keys(given).map((name) => [name, null]));
    const none = await make({ ...nulls, thread_history_depth: 20 });
    assert.equal([none.assistant_id, none.signature_html, none.approval_channel], [null, null, {}]);
  });

  for (const [field, limit] of [
    ['display_name', 255],
    ['signature_text', 10_000],
    ['signature_html', 50_000],
  ] as const) {
    test(`M-1 ${field} may have ${limit} characters and no more, counted in code points`, async () => {
      const made = await make({ [field]: '𝒜'.repeat(limit) });
      assert.is(made[field].length, 2 * limit);
      const long = { [field]: '𝒜'.repeat(limit + 1) };
      const refused = await mailbox('POST', '/v1/identities', input(long));
      assert.equal([refused.status, places(refused.body)], [422, [`body.${field}`]]);
      const changed = await mailbox('PATCH', `/v1/identities/${made.id}`, long);
      assert.equal([changed.status, places(changed.body)], [422, [`body.${field}`]]);
    });
  }

  for (const [title, more, field] of [
    ['a domain id that is no UUID', { domain_id: 'mail.example' }, 'domain_id'],
    ['no domain', { domain_id: undefined }, 'domain_id'],
    ['no local part', { local_part: undefined }, 'local_part'],
    ['an empty local part', { local_part: '' }, 'local_part'],
    ['a local part with a space', { local_part: 'a b' }, 'local_part'],
    ['a leading dot', { local_part: '.a' }, 'local_part'],
    ['a trailing dot', { local_part: 'a.' }, 'local_part'],
    ['a double dot', { local_part: 'a..b' }, 'local_part'],
    ['an @', { local_part: 'a@b' }, 'local_part'],
    ['65 characters before the @', { local_part: 'a'.repeat(65) }, 'local_part'],
    ['a letter beyond ASCII', { local_part: 'é' }, 'local_part'],
    ['no display name', { display_name: undefined }, 'display_name'],
    ['a line break in the name', { display_name: 'a\r\nBcc: b@c.de' }, 'display_name'],
    ['an assistant that is no UUID', { assistant_id: 'a' }, 'assistant_id'],
    ['a reply address that is none', { reply_to_email: 'a' }, 'reply_to_email'],
    ['depth 21', { thread_history_depth: 21 }, 'thread_history_depth'],
    ['depth -1', { thread_history_depth: -1 }, 'thread_history_depth'],
    ['depth 10.5', { thread_history_depth: 10.5 }, 'thread_history_depth'],
    ['depth in quotes', { thread_history_depth: '10' }, 'thread_history_depth'],
    ['a list as channel', { approval_channel: [] }, 'approval_channel'],
    ['a channel of more than 16 KiB', { approval_channel: { a: 'x'.repeat(16_384) } }, 'approval_channel'],
    ['null as domain', { domain_id: null }, 'domain_id'],
  ] as const) {
    test(`M-1 ${title} is 422 in FastAPI’s shape, and nothing is written`, async () => {
      const before = (await mailbox('GET', '/v1/identities')).body.total;
      const { status, body } = await mailbox('POST', '/v1/identities', input(more));
      assert.is(status, 422, JSON.stringify(body));
      assert.ok(
        places(body).every((place) => place === `body.${field}`),
        JSON.stringify(body),
      );
      const [{ msg, type }] = body.detail;
      assert.ok(msg.length > 0 && type.length > 0);
      assert.is((await mailbox('GET', '/v1/identities')).body.total, before);
    });
  }

  test('M-1 everything missing is named at once', async () => {
    const { status, body } = await mailbox('POST', '/v1/identities', {});
    assert.is(status, 422);
    assert.equal(places(body), ['body.domain_id', 'body.local_part', 'body.display_name']);
  });

  test('M-1 a channel of 16 KiB, a local part of 64 and an address of 254 characters are kept', async () => {
    await make({ approval_channel: { a: 'x'.repeat(16_384 - 8) } });
    await make({ local_part: 'l'.repeat(64) });
    const label = 'd'.repeat(59);
    const long = await addDomain(core, `${label}.${label}.${label}.example`);
    const fits = { domain_id: long, local_part: 'l'.repeat(64), display_name: 'x' };
    const made = await mailbox('POST', '/v1/identities', fits);
    assert.is(made.body.email_address.length, 252);
    const longer = await addDomain(core, `ddd.${label}.${label}.${label}.example`);
    const refused = await mailbox('POST', '/v1/identities', { ...fits, domain_id: longer });
    assert.equal([refused.status, places(refused.body)], [422, ['body.local_part']]);
  });

  test('M-1 a domain that is unknown or foreign is 404, one that is not verified 409', async () => {
    const unverified = await addDomain(core, 'later.example', false);
    for (const [rest, id, status, detail] of [
      [mailbox, NOBODY, 404, 'Domain not found'],
      [foreign, domain, 404, 'Domain not found'],
      [mailbox, unverified, 409, 'The domain is not verified.'],
    ] as const) {
      const answer = await rest('POST', '/v1/identities', input({ domain_id: id }));
      assert.equal([answer.status, answer.body], [status, { detail }]);
    }
    await core('POST', `/v1/domains/${unverified}:verify`, {});
    await make({ domain_id: unverified });
  });

  test('errors have FastAPI’s body, and a missing key is "Not authenticated"', async () => {
    const bare = restAs(context().app.rest, undefined);
    const none = await bare('POST', '/api/mailbox/v1/identities', input());
    assert.equal([none.status, none.body], [401, { detail: 'Not authenticated' }]);
    assert.is(none.headers.get('www-authenticate'), 'Bearer');
    const broken = await mailbox('POST', '/v1/identities', '{"domain_id":');
    assert.equal([broken.status, Array.isArray(broken.body.detail)], [422, true]);
    const malformed = await mailbox('GET', '/v1/identities/nonsense');
    assert.equal([malformed.status, places(malformed.body)], [422, ['path.identity_id']]);
    const absent = await mailbox('GET', `/v1/identities/${NOBODY}`);
    assert.equal([absent.status, absent.body], [404, { detail: 'Identity not found' }]);
    assert.is((await mailbox('PUT', `/v1/identities/${NOBODY}`, {})).status, 405);
  });

  test('B-3 an address is one identity’s, whatever its case, and free again after a delete', async () => {
    const made = await make({ local_part: 'One.And-Only+1' });
    const taken = await mailbox('POST', '/v1/identities', input({ local_part: 'ONE.and-only+1' }));
    assert.equal([taken.status, typeof taken.body.detail], [409, 'string']);
    assert.is(taken.headers.get('x-should-retry'), 'false');
    const gone = await mailbox('DELETE', `/v1/identities/${made.id}`);
    assert.equal([gone.status, gone.body], [204, undefined]);
    assert.is((await mailbox('DELETE', `/v1/identities/${made.id}`)).status, 404);
    await make({ local_part: 'one.and-only+1' });
  });

  test('50 equal addresses at once: one 201 and 49 times 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        mailbox('POST', '/v1/identities', input({ local_part: n % 2 ? 'raced' : 'RACED' })),
      ),
    );
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    assert.equal([count(201), count(409)], [1, 49]);
  });

  test('patch changes what is given, null clears, and the address stays', async () => {
    const made = await make({ assistant_id: ASSISTANT, signature_text: 'S', approval_channel: { a: 1 } });
    const path = `/v1/identities/${made.id}`;
    const one = await mailbox('PATCH', path, { status: 'suspended', local_part: 'x', domain_id: NOBODY });
    assert.is(one.status, 200);
    assert.equal({ ...one.body, updated_at: '' }, { ...made, status: 'suspended', updated_at: '' });
    const all = {
      assistant_id: null,
      display_name: 'Other',
      reply_to_email: 'r@example.com',
      signature_text: null,
      signature_html: '<b>',
      thread_history_depth: 3,
      approval_channel: null,
      status: 'active',
    };
    const two = (await mailbox('PATCH', path, all)).body;
    assert.equal({ ...two, updated_at: '' }, { ...made, ...all, approval_channel: {}, updated_at: '' });
    const none = await mailbox('PATCH', path, {});
    assert.equal([none.body, none.headers.get('etag')], [two, '"3"']);
    for (const name of ['display_name', 'thread_history_depth', 'status']) {
      const { status, body } = await mailbox('PATCH', path, { [name]: null });
      assert.equal([status, places(body)], [422, [`body.${name}`]]);
    }
    for (const bad of [{ status: 'gone' }, { thread_history_depth: 21 }, { display_name: 'a\nb' }])
      assert.is((await mailbox('PATCH', path, bad)).status, 422);
    assert.is((await mailbox('PATCH', path, { status: 'active' }, { 'if-match': '"1"' })).status, 412);
    assert.equal((await mailbox('GET', path)).body, two);
  });

  test('50 changes at once are all applied', async () => {
    const { id } = await make();
    const changes = Array.from({ length: 50 }, (_, n) =>
      mailbox('PATCH', `/v1/identities/${id}`, { signature_text: `S${n}` }),
    );
    assert.ok((await Promise.all(changes)).every(({ status }) => status === 200));
    assert.is((await mailbox('GET', `/v1/identities/${id}`)).headers.get('etag'), '"51"');
  });

  test('lists are filtered and paged, newest first, and hold mailboxes only', async () => {
    const { app } = context();
    const [lister, admin] = [
      restAs(app.rest, await app.key('lister', 'mailbox')),
      restAs(app.rest, await app.key('lister', 'core')),
    ];
    const [one, two] = [await addDomain(admin, 'one.example'), await addDomain(admin, 'two.example')];
    const made: string[] = [];
    for (const domain_id of [one, two, one, one]) {
      const body = { domain_id, local_part: `n${made.length}`, display_name: 'N' };
      made.unshift((await lister('POST', '/v1/identities', body)).body.id);
    }
    await admin('POST', '/v1/identities', { givenName: 'No mailbox' });
    await lister('PATCH', `/v1/identities/${made[0]}`, { status: 'suspended' });
    const ask = async (query: string) => {
      const { status, body } = await lister('GET', `/v1/identities${query}`);
      assert.is(status, 200, JSON.stringify(body));
      return { ...body, data: body.data.map(({ id }: { id: string }) => made.indexOf(id)) };
    };
    assert.equal(await ask(''), { data: [0, 1, 2, 3], total: 4, limit: 20, offset: 0 });
    assert.equal(await ask('?limit=2&offset=1'), { data: [1, 2], total: 4, limit: 2, offset: 1 });
    assert.equal((await ask(`?domain_id=${one}`)).data, [0, 1, 3]);
    assert.equal((await ask(`?domain_id=${one}&status=active`)).data, [1, 3]);
    assert.equal((await ask('?status=suspended&domain_id=')).data, [0]);
    assert.equal(await ask(`?domain_id=${NOBODY}`), { data: [], total: 0, limit: 20, offset: 0 });
    for (const [query, field] of [
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['offset=-1', 'offset'],
      ['status=gone', 'status'],
      ['domain_id=x', 'domain_id'],
    ] as const) {
      const { status, body } = await lister('GET', `/v1/identities?${query}`);
      assert.equal([status, places(body)], [422, [`query.${field}`]], query);
    }
  });

  test('identities of another tenant, and those without a mailbox, are 404', async () => {
    const { id, ...made } = await make();
    const plain = (await core('POST', '/v1/identities', { givenName: 'Plain' })).body.id;
    for (const [rest, target] of [
      [foreign, id],
      [mailbox, plain],
    ] as const) {
      for (const [method, body] of [['GET'], ['PATCH', { display_name: 'Eve' }], ['DELETE']] as const) {
        const answer = await rest(method, `/v1/identities/${target}`, body);
        assert.equal([answer.status, answer.body], [404, { detail: 'Identity not found' }], method);
      }
    }
    assert.equal((await mailbox('GET', `/v1/identities/${id}`)).body, { id, ...made });
    assert.is((await core('GET', `/v1/identities/${plain}`)).body.givenName, 'Plain');
  });

  test('B-1 the workspace is the tenant where that is a UUID, else the same UUID each time', async () => {
    const { app } = context();
    const tenant = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
    const admin = restAs(app.rest, await app.key(tenant, 'core'));
    const own = restAs(app.rest, await app.key(tenant, 'mailbox'));
    const domain_id = await addDomain(admin, 'mail.example');
    const made = await own('POST', '/v1/identities', { domain_id, local_part: 'a', display_name: 'A' });
    assert.is(made.body.workspace_id, tenant.toLowerCase());
    assert.is((await make()).workspace_id, (await make()).workspace_id);
  });

  test('a create under one Idempotency-Key makes one identity', async () => {
    const body = input();
    const headers = { 'idempotency-key': 'mail-1' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => mailbox('POST', '/v1/identities', body, headers)),
    );
    assert.equal([...new Set(answers.map(({ status }) => status))], [201]);
    assert.is(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.is((await mailbox('POST', '/v1/identities', input(), headers)).status, 422);
  });
});

async function addDomain(admin: Rest, name: string, verified = true): Promise<string> {
  const { status, body } = await admin('POST', '/v1/domains', { name, verified });
  assert.is(status, 200, JSON.stringify(body));
  return body.id;
}
