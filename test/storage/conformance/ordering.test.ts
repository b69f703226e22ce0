import * as assert from 'uvu/assert';
import { EVERY_TENANT, type Query } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, type Thing, things } from './things.js';
import { walk } from './walk.js';

forEachStore('ordering', [things], (test, ctx) => {
  async function filled(bodies: readonly (Thing & { id: string })[]): Promise<string> {
    const tenant = newTenant();
    for (const { id, ...body } of bodies) await ctx.store.insert(things, at(tenant, id), body);
    return tenant;
  }
  /** The ids, which are the same whether they are read at once or by keyset pages of two. */
  async function order(tenant: string, field: string, descending: boolean): Promise<string> {
    const query: Query = { tenant, order: { field, descending }, limit: 100 };
    const atOnce = (await ctx.store.find(things, query)).map(({ id }) => id);
    assert.equal(
      (await walk(ctx.store, query, 2)).map(({ id }) => id),
      atOnce,
    );
    return atOnce.join(' ');
  }

  test('without an order it goes by id, ascending', async () => {
    const tenant = await filled([
      { id: 'b' },
      { id: 'a' },
      { id: 'B' },
      { id: '~' },
      { id: '!' },
      { id: 'a/' },
      { id: 'a0' },
    ]);
    const found = await ctx.store.find(things, { tenant, limit: 100 });
    assert.is(found.map(({ id }) => id).join(' '), '! B a a/ a0 b ~');
    assert.is(await order(tenant, 'id', false), '! B a a/ a0 b ~');
    assert.is(await order(tenant, 'id', true), '~ b a0 a/ a B !');
  });

  test('texts go by code point, not by UTF-16 unit, language or case', async () => {
    const names = [
      'a',
      'B',
      'b',
      'A',
      'é',
      'z',
      'Z',
      '\uffee',
      '\u{1f600}',
      '',
      ' ',
      '10',
      '9',
      '\u00e0',
      'a\u0300',
    ];
    const tenant = await filled(names.map((name, i) => ({ id: `d${i}`, name })));
    const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const expected = sorted.map((name) => `d${names.indexOf(name)}`);
    assert.is(await order(tenant, 'name', false), expected.join(' '));
    assert.is(await order(tenant, 'name', true), expected.reverse().join(' '));
  });

  test('numbers go by value', async () => {
    const ranks = [0, -1, 1, 1.5, 1e300, -1e15, 2 ** 53, 10, 9, Number.MIN_VALUE, Date.UTC(2026, 0, 1)];
    const tenant = await filled(ranks.map((rank, i) => ({ id: `d${i}`, rank })));
    const expected = [...ranks].sort((a, b) => a - b).map((rank) => `d${ranks.indexOf(rank)}`);
    assert.is(await order(tenant, 'rank', false), expected.join(' '));
    assert.is(await order(tenant, 'rank', true), expected.reverse().join(' '));
  });

  test('false goes before true', async () => {
    const tenant = await filled([
      { id: 'a', on: true },
      { id: 'b', on: false },
      { id: 'c', on: true },
    ]);
    assert.is(await order(tenant, 'on', false), 'b a c');
    assert.is(await order(tenant, 'on', true), 'c a b');
  });

  test('null goes before everything, and last when descending', async () => {
    const bodies = [
      { id: 'a', name: 'x', rank: -5, on: false },
      { id: 'b', name: null, rank: null, on: null },
      { id: 'c', name: '', rank: 0, on: true },
      { id: 'd', name: null, rank: null, on: null },
    ];
    const tenant = await filled(bodies);
    assert.is(await order(tenant, 'name', false), 'b d c a');
    assert.is(await order(tenant, 'name', true), 'a c d b');
    assert.is(await order(tenant, 'rank', false), 'b d a c');
    assert.is(await order(tenant, 'rank', true), 'c a d b');
    assert.is(await order(tenant, 'on', false), 'b d a c');
    assert.is(await order(tenant, 'on', true), 'c a d b');
  });

  test('ties go by id in the direction of the order', async () => {
    const tenant = await filled(['c', 'a', 'd', 'b'].map((id) => ({ id, rank: 1 })));
    assert.is(await order(tenant, 'rank', false), 'a b c d');
    assert.is(await order(tenant, 'rank', true), 'd c b a');
  });

  test('across tenants the same ids do not hide each other from a walk', async () => {
    const rank = 4_000_000_000 + Math.floor(Math.random() * 1e9);
    const tenants = [newTenant(), newTenant(), newTenant()];
    for (const tenant of tenants)
      for (const id of ['a', 'b']) await ctx.store.insert(things, at(tenant, id), { rank });
    const where = [{ field: 'rank', equals: rank }];
    for (const field of ['rank', 'name', 'id']) {
      for (const descending of [false, true]) {
        const query: Query = { tenant: EVERY_TENANT, where, order: { field, descending }, limit: 100 };
        const walked = await walk(ctx.store, query, 1);
        assert.equal(walked, await ctx.store.find(things, query));
        assert.is(new Set(walked.map(({ tenant, id }) => `${tenant}/${id}`)).size, 6);
      }
    }
  });
});
