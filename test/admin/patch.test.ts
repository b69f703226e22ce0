import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type AdminRest, adminRest } from './rest.js';

forEachApp('admin JSON Patch', {}, (test, context) => {
  let admin: AdminRest;
  let number = 0;
  test.before(async () => {
    admin = await adminRest(context().app, 'patches');
  });
  const fresh = () =>
    admin.create(
      { email: `p${number++}@example.com`, name: { first: 'Ada' } },
      { metadata_admin: { list: [1, 2] }, external_id: `p${number}` },
    );

  for (const name of [
    'id',
    'ID',
    'schema_url',
    'schemaUrl',
    'state_changed_at',
    'stateChangedAt',
    'credentials',
    'credentials/password/config/hashed_password',
    'credentials/oidc',
    'created_at',
    'createdAt',
    'updated_at',
    'UpdatedAt',
  ]) {
    test(`/${name} is refused as path and as from, by every operation`, async () => {
      const { id } = await fresh();
      for (const operation of [
        { op: 'add', path: `/${name}`, value: 'x' },
        { op: 'replace', path: `/${name}`, value: 'x' },
        { op: 'remove', path: `/${name}` },
        { op: 'test', path: `/${name}`, value: 'x' },
        { op: 'move', from: `/${name}`, path: '/metadata_public' },
        { op: 'copy', from: `/${name}`, path: '/metadata_public' },
        { op: 'move', from: '/metadata_admin', path: `/${name}` },
      ]) {
        const answer = await admin.patch(id, operation);
        assert.is(answer.status, 400, JSON.stringify([operation, answer.body]));
        assert.match(answer.body.error.reason, /\[0\]\.(path|from) is about what cannot be changed/);
      }
      assert.is((await admin.rest('GET', `/admin/identities/${id}`)).headers.get('etag'), '"1"');
    });
  }

  test('what is above a protected field is refused, and what is no field', async () => {
    const { id } = await fresh();
    for (const operation of [
      { op: 'replace', path: '', value: {} },
      { op: 'test', path: '', value: {} },
      { op: 'copy', from: '', path: '/metadata_public' },
      { op: 'move', from: '', path: '/metadata_public/a' },
      { op: 'add', path: '/shoe_size', value: 1 },
      { op: 'add', path: '/metadataPublic', value: 1 },
      { op: 'add', path: '/', value: 1 },
    ])
      assert.is((await admin.patch(id, operation)).status, 400, JSON.stringify(operation));
  });

  /** What a patch may not make of an identity, and what the reason says. */
  const REFUSED: readonly (readonly [object, RegExp])[] = [
    [{ op: 'replace', path: '/state', value: 'asleep' }, /state must be active or inactive/],
    [{ op: 'remove', path: '/state' }, /state must be/],
    [{ op: 'replace', path: '/schema_id', value: 'none' }, /schema_id is not a schema/],
    [{ op: 'replace', path: '/schema_id', value: 7 }, /schema_id must be/],
    [{ op: 'replace', path: '/traits', value: [] }, /traits must be an object/],
    [{ op: 'remove', path: '/traits' }, /traits must be an object/],
    [{ op: 'replace', path: '/traits/email', value: 'nobody' }, /traits.email must match format "email"/],
    [{ op: 'add', path: '/traits/shoe', value: 1 }, /additional properties/],
    [{ op: 'add', path: '/external_id', value: 7 }, /external_id must be/],
    [{ op: 'add', path: '/organization_id', value: 'acme' }, /organization_id must be a UUID/],
    [
      { op: 'replace', path: '/verifiable_addresses/0/verified', value: 'yes' },
      /verified must be true or false/,
    ],
    [
      { op: 'add', path: '/verifiable_addresses/0/verified_at', value: 'yesterday' },
      /verified_at must be a time/,
    ],
    [{ op: 'add', path: '/verifiable_addresses', value: 'x' }, /verifiable_addresses must be a list/],
    [{ op: 'add', path: '/recovery_addresses/-', value: 1 }, /recovery_addresses\/1 must be an object/],
    [{ op: 'add', path: '/metadata_public/__proto__/a', value: 1 }, /__proto__/],
    [{ op: 'replace', path: '/metadata_public/a', value: 1 }, /not there|neither/],
    [{ op: 'remove', path: '/metadata_admin/gone' }, /not there/],
    [{ op: 'add', path: '/metadata_admin/list/7', value: 1 }, /not there/],
    [{ op: 'test', path: '/metadata_admin/list', value: [2, 1] }, /is not what is there/],
    [{ op: 'fly', path: '/state' }, /op/],
    [{ op: 'add', path: 'state', value: 'active' }, /JSON Pointer/],
    [{ op: 'add', path: '/metadata_public' }, /value is required/],
    [{ op: 'move', path: '/metadata_public' }, /from is required/],
    [{ path: '/metadata_public', value: 1 }, /op/],
    [{ op: 'add', value: 1 }, /path/],
    [{ op: 'add', path: '/metadata_public', value: 1, extra: true }, /extra/],
  ];
  for (const [operation, said] of REFUSED) {
    test(`${JSON.stringify(operation)} is 400, and nothing is written`, async () => {
      const { id } = await fresh();
      const before = (await admin.rest('GET', `/admin/identities/${id}`)).body;
      const answer = await admin.patch(
        id,
        { op: 'add', path: '/metadata_public', value: 'first' },
        operation,
      );
      // The first operation alone would be fine.
      const alone = await admin.patch(id, operation);
      for (const { status, body } of [alone, ...(said.source.includes('neither') ? [] : [answer])]) {
        assert.is(status, 400, JSON.stringify(body));
        assert.match(body.error.reason, said);
      }
      assert.equal((await admin.rest('GET', `/admin/identities/${id}`)).body, before);
    });
  }

  test('an add below null or absent metadata makes the parents', async () => {
    const { id } = await fresh();
    const { body } = await admin.patch(
      id,
      { op: 'add', path: '/metadata_public/a/b', value: 1 },
      { op: 'add', path: '/metadata_admin/x/y', value: null },
    );
    assert.equal(
      [body.metadata_public, body.metadata_admin],
      [{ a: { b: 1 } }, { list: [1, 2], x: { y: null } }],
    );
  });

  test('an address is verified by a patch, and follows the trait', async () => {
    const { id } = await fresh();
    const verify = { op: 'replace', path: '/verifiable_addresses/0/verified', value: true };
    const [verified] = (await admin.patch(id, verify)).body.verifiable_addresses;
    assert.equal([verified.verified, verified.status], [true, 'completed']);
    assert.ok(verified.verified_at);
    const kept = (await admin.patch(id, { op: 'add', path: '/metadata_public', value: 1 })).body;
    assert.equal(kept.verifiable_addresses, [verified]);
    const removed = (await admin.patch(id, { op: 'remove', path: '/verifiable_addresses/0' })).body;
    assert.is(removed.verifiable_addresses[0].verified, false);
    const moved = (
      await admin.patch(id, { op: 'replace', path: '/traits/email', value: `moved${id}@example.com` })
    ).body;
    assert.is(moved.verifiable_addresses[0].value, `moved${id}@example.com`);
  });

  test('when an address was verified is kept as told, in UTC', async () => {
    const { id } = await fresh();
    const [shown] = (await admin.rest('GET', `/admin/identities/${id}`)).body.verifiable_addresses;
    const value = { ...shown, verified: true, verified_at: '2026-01-02T03:04:05+01:00' };
    const { body } = await admin.patch(id, { op: 'replace', path: '/verifiable_addresses/0', value });
    assert.equal(
      [body.verifiable_addresses[0].verified, body.verifiable_addresses[0].verified_at],
      [true, '2026-01-02T02:04:05Z'],
    );
  });

  test('a patch that changes nothing writes nothing', async () => {
    const { id } = await fresh();
    for (const operations of [
      [],
      [{ op: 'test', path: '/traits/name/first', value: 'Ada' }],
      [{ op: 'replace', path: '/metadata_admin', value: { list: [1, 2] } }],
    ]) {
      const answer = await admin.patch(id, ...operations);
      assert.equal([answer.status, answer.headers.get('etag')], [200, '"1"']);
    }
  });

  test('external and organization id are set and cleared; both are null or left out when unset', async () => {
    const { id } = await fresh();
    const organization = '0E0B3B4E-52A0-4F0C-9D5C-5F8B7C6A1D2E';
    const set = await admin.patch(
      id,
      { op: 'replace', path: '/external_id', value: 'x-1' },
      { op: 'replace', path: '/organization_id', value: organization },
    );
    assert.equal([set.body.external_id, set.body.organization_id], ['x-1', organization.toLowerCase()]);
    const cleared = await admin.patch(
      id,
      { op: 'remove', path: '/external_id' },
      { op: 'remove', path: '/organization_id' },
    );
    assert.equal([cleared.body.external_id, cleared.body.organization_id], [undefined, null]);
  });

  test('numbers, keys and nesting come out of a patch as they went in, or are refused', async () => {
    const { id } = await fresh();
    const value = { 'a/b': 0.1, '~': 1e21, '': [null], $where: { 'a.b': -1.5 } };
    await admin.patch(id, { op: 'add', path: '/metadata_public', value });
    const copied = await admin.patch(
      id,
      { op: 'copy', from: '/metadata_public/a~1b', path: '/metadata_public/~0' },
      { op: 'test', path: '/metadata_public//0', value: null },
    );
    assert.equal(copied.body.metadata_public, { ...value, '~': 0.1 });
    for (const raw of ['12345678901234567890', '0.1234567890123456789', '{"__proto__":1}', '1e400']) {
      const body = `[{"op":"add","path":"/metadata_public","value":${raw}}]`;
      assert.is((await admin.rest('PATCH', `/admin/identities/${id}`, body)).status, 400, raw);
    }
    const deep = JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`);
    await admin.patch(id, { op: 'add', path: '/metadata_public', value: { deep } });
    const deeper = await admin.patch(id, {
      op: 'add',
      path: `/metadata_public/deep${'/0'.repeat(19)}/-`,
      value: deep,
    });
    assert.is(deeper.status, 400);
    assert.match(deeper.body.error.reason, /at most 32 levels/);
  });

  test('50 concurrent patches of 50 keys: 50 are stored', async () => {
    const { id } = await fresh();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        admin.patch(id, { op: 'add', path: `/metadata_public/k${n}`, value: n }),
      ),
    );
    assert.equal([...new Set(answers.map(({ status }) => status))], [200]);
    const { body } = await admin.rest('GET', `/admin/identities/${id}`);
    assert.equal(
      Object.values(body.metadata_public).sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 50 }, (_, n) => n),
    );
  });

  test('a test guards a change against others: of 20 that count up from one number, one does', async () => {
    const { id } = await fresh();
    await admin.patch(id, { op: 'add', path: '/metadata_public', value: 0 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        admin.patch(
          id,
          { op: 'test', path: '/metadata_public', value: 0 },
          { op: 'replace', path: '/metadata_public', value: 1 },
        ),
      ),
    );
    assert.equal(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 19 }, () => 400)]);
  });
});
