import { MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { StoreCorruptError } from '../../../src/storage/errors.js';
import { createMongoStore } from '../../../src/storage/mongo/mongo-store.js';
import type { Store } from '../../../src/storage/store.js';
import { rejects } from '../conformance/rejects.js';
import { at, newTenant, things } from '../conformance/things.js';
import { onlyMongo } from './only-mongo.js';

onlyMongo('stored form', (test, { uri, database }) => {
  const withBoth = async (run: (store: Store, client: MongoClient) => Promise<void>) => {
    const store = createMongoStore({ uri, database });
    const client = new MongoClient(uri);
    try {
      await store.open([things]);
      await run(store, client);
    } finally {
      await store.close();
      await client.close();
    }
  };

  test('a document reads well in the shell', () =>
    withBoth(async (store, client) => {
      const tenant = newTenant();
      await store.insert(things, at(tenant, 'a'), {
        claims: ['c'],
        tokens: ['red'],
        name: 'Ada',
        note: { x: [1] },
      });
      const found = await client.db(database).collection('things').findOne({ tenant });
      assert.equal(found, {
        _id: `${tenant}/a`,
        tenant,
        id: 'a',
        revision: 1,
        claims: ['c'],
        tokens: ['red'],
        fields: { name: 'Ada', rank: null, on: null },
        body: { claims: ['c'], tokens: ['red'], name: 'Ada', note: { x: [1] } },
      });
      assert.equal(Object.keys(found ?? {}), [
        '_id',
        'tenant',
        'id',
        'revision',
        'claims',
        'tokens',
        'fields',
        'body',
      ]);
    }));

  test('a body that BSON or a server would alter is stored as its JSON text', () =>
    withBoth(async (store, client) => {
      const tenant = newTenant();
      const note = { $where: 1 };
      await store.insert(things, at(tenant, 'a'), { claims: ['c'], note });
      const found = await client.db(database).collection('things').findOne({ tenant });
      assert.is(found?.body, '{"claims":["c"],"note":{"$where":1}}');
    }));

  test('every index begins with the tenant, but for those of maintenance', () =>
    withBoth(async (_, client) => {
      const indexes = await client.db(database).collection('things').indexes();
      const keys = indexes.map(
        ({ key, unique }) => `${Object.keys(key).join(' ')}${unique ? ' unique' : ''}`,
      );
      assert.equal(keys.sort(), [
        '_id',
        'fields.rank _id',
        'tenant claims unique',
        'tenant fields.name _id',
        'tenant fields.on _id',
        'tenant fields.rank _id',
        'tenant tokens',
      ]);
    }));

  test('a collection whose documents break the claims is refused', () =>
    withBoth(async (store, client) => {
      const theirs = client.db(database).collection('theirs');
      await theirs.insertMany([1, 2].map((n) => ({ n, tenant: 't', claims: ['x'] })));
      await rejects(store.open([{ ...things, name: 'theirs' }]), StoreCorruptError);
    }));

  test('a malformed connection string is refused at once, without its password in the text', () => {
    for (const bad of [
      'mongodb://u:canary@h:99999/',
      'mongodb://u:canary%zz@h/',
      'http://u:canary@h/',
      'mongodb://u:canary@h/?nope=1',
      '',
    ]) {
      try {
        createMongoStore({ uri: bad });
        assert.unreachable(bad);
      } catch (error) {
        assert.instance(error, Error);
        assert.not.match(String(error), 'canary');
      }
    }
  });
});
