import { join } from 'node:path';
import Database from 'libsql/promise';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedStore } from '../../../src/storage/embedded/embedded-store.js';
import { type Sql, selectPage } from '../../../src/storage/embedded/select.js';
import { tableOf } from '../../../src/storage/embedded/table.js';
import { EVERY_TENANT, type Query } from '../../../src/storage/store.js';
import { insertAll } from '../conformance/insert-all.js';
import { things } from '../conformance/things.js';
import { inTempFolder } from './temp-folder.js';

const test = suite('query plans [embedded]');
const table = tableOf(things);

const withFile = (run: (plan: (sql: Sql) => Promise<string>) => Promise<void>) =>
  inTempFolder(async (folder) => {
    const path = join(folder, 'facet.db');
    const store = createEmbeddedStore({ path });
    await store.open([things]);
    await insertAll(store, 't', 2_000, (i) => ({
      id: `d${i}`,
      body: { name: `name ${i}`, rank: i % 7, on: i % 2 === 0, tokens: [`token ${i % 500}`] },
    }));
    await store.open([things]);
    const database = new Database(path, {});
    await run(async ({ text, values }) => {
      const rows = await (await database.prepare(`EXPLAIN QUERY PLAN ${text}`)).all(values);
      return rows.map(({ detail }: { detail: string }) => detail).join('; ');
    });
    database.close();
    await store.close();
  });

test('every order is a seek in its index, from the start and from a place, both ways', () =>
  withFile(async (plan) => {
    for (const [field, value] of Object.entries({ id: null, name: 'name 5', rank: 3, on: true })) {
      for (const descending of [false, true]) {
        for (const after of [undefined, { value, id: 'd5' }, { value: null, id: 'd5' }]) {
          const query: Query = {
            tenant: 't',
            order: { field, descending },
            limit: 10,
            ...(after && { after }),
          };
          const found = await plan(selectPage(table, query));
          const column = field === 'id' ? 'id' : `f_${field}`;
          assert.not.match(found, /TEMP B-TREE|SCAN docs/);
          assert.match(found, /SEARCH docs_things USING INDEX/);
          if (after) assert.match(found, new RegExp(`tenant=\\? AND \\(?${column}(,id\\))?[<>]`));
        }
      }
    }
  }));

test('a condition that leaves few rows goes by its index, one that leaves many by the order', () =>
  withFile(async (plan) => {
    const order = { field: 'rank', descending: true };
    const few: Query = { tenant: 't', where: [{ field: 'name', equals: 'name 7' }], order, limit: 10 };
    assert.match(await plan(selectPage(table, few)), /things_tenant_f_name_id/);
    const many: Query = { tenant: 't', where: [{ field: 'on', equals: true }], order, limit: 10 };
    assert.match(await plan(selectPage(table, many)), /things_tenant_f_rank_id/);
    const token: Query = { tenant: 't', where: [{ token: 'token 7' }], order, limit: 10 };
    assert.match(await plan(selectPage(table, token)), /SEARCH tokens USING PRIMARY KEY/);
  }));

test('a boolean is not what is sought by where another condition is', () =>
  withFile(async (plan) => {
    const on = { field: 'on', equals: true };
    const order = { field: 'id', descending: true };
    const named: Query = { tenant: 't', where: [on, { field: 'name', equals: 'name 7' }], order, limit: 10 };
    assert.match(await plan(selectPage(table, named)), /things_tenant_f_name_id/);
    const tagged: Query = { tenant: 't', where: [on, { token: 'token 7' }], order, limit: 10 };
    assert.not.match(await plan(selectPage(table, tagged)), /things_tenant_f_on_id/);
    const alone: Query = { tenant: 't', where: [on], order, limit: 10 };
    assert.match(await plan(selectPage(table, alone)), /things_tenant_f_on_id/);
  }));

test('what maintenance asks for across tenants is a seek, too', () =>
  withFile(async (plan) => {
    const where = [{ field: 'rank', lt: 3 }];
    const query: Query = {
      tenant: EVERY_TENANT,
      where,
      order: { field: 'rank', descending: false },
      limit: 10,
    };
    const found = await plan(selectPage(table, query));
    assert.match(found, /things_f_rank_tenant_id/);
    assert.not.match(found, /TEMP B-TREE|SCAN docs/);
  }));

test.run();
