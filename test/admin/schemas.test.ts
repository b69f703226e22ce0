import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTraitsChecks } from '../../src/services/schema/checks.js';
import { documentOf, identifier } from '../schema/documents.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';
import { availableStores } from '../support/stores.js';
import { type AdminRest, adminRest } from './rest.js';

const put = (admin: AdminRest, id: string, document: object) =>
  admin.rest('PUT', `/api/core/v1/schemas/${id}`, { document });

forEachApp('admin identities by schemas', {}, (test, context) => {
  let admin: AdminRest;
  test.before(async () => {
    admin = await adminRest(context().app, 'schemas');
    await admin.rest('POST', '/api/core/v1/schemas', {
      id: 'customer',
      document: documentOf({ login: { type: 'string', ...identifier() }, age: { type: 'number' } }),
    });
  });

  test('traits follow the schema that is named, at its URL', async () => {
    const made = await admin.create({ login: 'ada', age: 36 }, { schema_id: 'customer' });
    assert.equal([made.schema_id, made.schema_url], ['customer', '/schemas/customer']);
    const { body } = await admin.rest('GET', made.schema_url as string);
    assert.equal(Object.keys(body.properties.traits.properties), ['login', 'age']);
    const wrong = await admin.rest('POST', '/v1/identities', {
      schema_id: 'customer',
      traits: { age: 'old' },
    });
    assert.match(wrong.body.error.reason, 'traits.age must be number');
    const taken = await admin.rest('POST', '/v1/identities', {
      schema_id: 'customer',
      traits: { login: ' ADA' },
    });
    assert.is(taken.status, 409);
  });

  test('a changed schema breaks no stored identity: traits are checked when they are next written', async () => {
    const made = await admin.create({ login: 'old', age: 7 }, { schema_id: 'customer' });
    await put(admin, 'customer', documentOf({ login: { type: 'string', ...identifier() } }, {}));
    await put(
      admin,
      'customer',
      documentOf({ login: { type: 'string', minLength: 5, ...identifier() }, age: { type: 'string' } }),
    );
    const path = `/admin/identities/${made.id}`;
    assert.equal((await admin.rest('GET', path)).body, made);
    const metadata = await admin.patch(made.id, { op: 'add', path: '/metadata_public', value: 1 });
    assert.is(metadata.status, 200);
    const state = await admin.patch(made.id, { op: 'replace', path: '/state', value: 'inactive' });
    assert.is(state.status, 200);
    const traits = await admin.patch(made.id, { op: 'replace', path: '/traits/age', value: 8 });
    assert.is(traits.status, 400);
    assert.is((await admin.rest('PUT', path, { traits: made.traits })).status, 400);
    const mended = await admin.rest('PUT', path, { traits: { login: 'older', age: '8' } });
    assert.is(mended.status, 200);
  });

  test('a patch to another schema is checked by that one', async () => {
    await admin.rest('POST', '/api/core/v1/schemas', {
      id: 'plain',
      document: documentOf({ login: { type: 'string' } }),
    });
    await put(admin, 'customer', documentOf({ login: { type: 'string', ...identifier() } }));
    const { id } = await admin.create({ login: 'mover' }, { schema_id: 'customer' });
    const moved = await admin.patch(id, { op: 'replace', path: '/schema_id', value: 'plain' });
    assert.equal([moved.status, moved.body.schema_id], [200, 'plain']);
    // It is no identifier there, so another may have it.
    await admin.create({ login: 'mover' }, { schema_id: 'customer' });
    const back = await admin.patch(id, { op: 'replace', path: '/schema_id', value: 'customer' });
    assert.is(back.status, 409);
    const wrong = await admin.patch(id, { op: 'replace', path: '/schema_id', value: 'default' });
    assert.is(wrong.status, 400);
  });

  test('a schema that identities have cannot be deleted', async () => {
    await admin.rest('POST', '/api/core/v1/schemas', { id: 'used', document: documentOf({}) });
    const { id } = await admin.create({}, { schema_id: 'used' });
    const refused = await admin.rest('DELETE', '/api/core/v1/schemas/used');
    assert.is(refused.status, 400);
    assert.match(JSON.stringify(refused.body), 'SCHEMA_IN_USE');
    await admin.rest('DELETE', `/v1/identities/${id}`);
    assert.is((await admin.rest('DELETE', '/api/core/v1/schemas/used')).status, 200);
    const traits = { schema_id: 'used', traits: {} };
    assert.is((await admin.rest('POST', '/v1/identities', traits)).status, 400);
  });

  test('a replaced default is the one of identities that name none', async () => {
    const strict = await adminRest(context().app, 'schemas-default');
    const before = await strict.create({ email: 'a@example.com' });
    await put(strict, 'default', documentOf({ nick: { type: 'string' } }, { additionalProperties: false }));
    assert.is((await strict.create({ nick: 'x' })).schema_id, 'default');
    assert.is((await strict.rest('POST', '/v1/identities', { traits: { nick: 7 } })).status, 400);
    assert.equal((await strict.rest('GET', `/v1/identities/${before.id}`)).body, before);
  });

  test('a schema that is deleted and made anew is the new one', async () => {
    const checks = createTraitsChecks(context().app.store);
    const path = '/api/core/v1/schemas';
    for (const type of ['string', 'number']) {
      await admin.rest('POST', path, { id: 'reborn', document: documentOf({ a: { type } }) });
      const check = (await checks.of('schemas', 'reborn', {}))!;
      const value = type === 'string' ? 'x' : 1;
      assert.equal(check({ a: value }, '{"a":1}').violations, []);
      await admin.rest('DELETE', `${path}/reborn`);
    }
  });
});

for (const kind of availableStores()) {
  const test = suite(`a schema across processes [${kind.name}]`);
  test('is in force at once for the writes of another one', async () => {
    const made = await kind.make();
    const apps: TestApp[] = [];
    try {
      const log = pino({ level: 'silent' });
      for (const store of [made.store, made.another()]) apps.push(await startTestApp(store, { log }));
      const key = await apps[0]!.key('acme', 'admin');
      const [one, two] = apps.map((app) => restAs(app.rest, key));
      const tenant = randomBytes(4).toString('hex');
      await one!('POST', '/api/core/v1/schemas', {
        id: tenant,
        document: documentOf({ n: { type: 'number' } }),
      });
      for (const type of ['number', 'string', 'number', 'boolean']) {
        await one!('PUT', `/api/core/v1/schemas/${tenant}`, { document: documentOf({ n: { type } }) });
        const answer = await two!('POST', '/v1/identities', { schema_id: tenant, traits: { n: 1 } });
        assert.is(answer.status, type === 'number' ? 201 : 400, type);
      }
    } finally {
      for (const app of apps) await app.close();
      await made.close();
    }
  });
  test.run();
}
