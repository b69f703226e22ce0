import * as assert from 'uvu/assert';
import type { Condition, FieldValue } from '../../../src/storage/store.js';
import { forEachStore } from '../../support/stores.js';
import { rejects } from './rejects.js';
import { at, newTenant, type Thing, things } from './things.js';

forEachStore('conditions', [things], (test, ctx) => {
  const tenant = newTenant();
  const bodies: Record<string, Thing> = {
    a: { name: 'alpha', rank: 1, on: true },
    b: { name: 'Beta', rank: 2.5, on: false },
    c: { name: '', rank: 0, on: true },
    d: { name: '100% .*', rank: -7, on: null },
    e: { name: null, rank: null, on: null },
  };
  const before = async () => {
    for (const [id, body] of Object.entries(bodies)) await ctx.store.insert(things, at(tenant, id), body);
  };
  const matches = async (...where: Condition[]) => {
    const found = await ctx.store.find(things, { tenant, where, limit: 100 });
    assert.is(await ctx.store.count(things, { tenant, where }), found.length);
    return found.map(({ id }) => id).join('');
  };

  test('no condition: all documents of the tenant', async () => {
    await before();
    assert.is(await matches(), 'abcde');
    assert.equal(await ctx.store.find(things, { tenant: newTenant(), limit: 9 }), []);
  });

  test('a field equals a text, a number, a boolean, null', async () => {
    assert.is(await matches({ field: 'name', equals: 'alpha' }), 'a');
    assert.is(await matches({ field: 'name', equals: 'ALPHA' }), '');
    assert.is(await matches({ field: 'name', equals: '' }), 'c');
    assert.is(await matches({ field: 'rank', equals: 2.5 }), 'b');
    assert.is(await matches({ field: 'rank', equals: 0 }), 'c');
    assert.is(await matches({ field: 'on', equals: true }), 'ac');
    assert.is(await matches({ field: 'on', equals: false }), 'b');
    assert.is(await matches({ field: 'name', equals: null }), 'e');
    assert.is(await matches({ field: 'rank', equals: null }), 'e');
    assert.is(await matches({ field: 'on', equals: null }), 'de');
  });

  test('a field is one of several values', async () => {
    assert.is(await matches({ field: 'name', in: ['alpha', null, 'nobody'] }), 'ae');
    assert.is(await matches({ field: 'rank', in: [1, 0] }), 'ac');
    assert.is(await matches({ field: 'on', in: [false, null] }), 'bde');
    assert.is(await matches({ field: 'name', in: [] }), '');
  });

  test('a range has its lower bound inside and its upper outside, and no null', async () => {
    assert.is(await matches({ field: 'rank', gte: 0, lt: 2.5 }), 'ac');
    assert.is(await matches({ field: 'rank', gte: 1 }), 'ab');
    assert.is(await matches({ field: 'rank', lt: 1 }), 'cd');
    assert.is(await matches({ field: 'name', gte: 'Beta', lt: 'b' }), 'ab');
    assert.is(await matches({ field: 'name', lt: 'B' }), 'cd');
  });

  test('a range without bounds is every value but null', async () => {
    assert.is(await matches({ field: 'name' } as Condition), 'abcd');
    assert.is(await matches({ field: 'rank' } as Condition), 'abcd');
    assert.is(await matches({ field: 'on' } as Condition), 'abc');
  });

  test('contains is literal and minds case', async () => {
    assert.is(await matches({ field: 'name', contains: 'a' }), 'ab');
    assert.is(await matches({ field: 'name', contains: 'A' }), '');
    assert.is(await matches({ field: 'name', contains: '.*' }), 'd');
    assert.is(await matches({ field: 'name', contains: '% ' }), 'd');
    assert.is(await matches({ field: 'name', contains: '0' }), 'd');
    assert.is(await matches({ field: 'name', contains: '_' }), '');
    assert.is(await matches({ field: 'name', contains: '' }), 'abcd');
  });

  test('all conditions hold together, also on one field', async () => {
    assert.is(await matches({ field: 'on', equals: true }, { field: 'rank', lt: 1 }), 'c');
    assert.is(await matches({ field: 'name', gte: 'a' }, { field: 'name', contains: 'ph' }), 'a');
    assert.is(await matches({ field: 'rank', equals: 1 }, { field: 'rank', equals: 2.5 }), '');
  });

  test('every regular-expression character is literal in contains', async () => {
    const own = newTenant();
    const characters = [...'\\^$.*+?()[]{}|/-#&~ \n\t"\'`%_'];
    for (const [i, character] of characters.entries()) {
      await ctx.store.insert(things, at(own, `c${i}`), { name: `<${character}>` });
    }
    for (const [i, character] of characters.entries()) {
      const where = [{ field: 'name', contains: `<${character}>` }];
      const found = await ctx.store.find(things, { tenant: own, where, limit: 9 });
      assert.equal(
        found.map(({ id }) => id),
        [`c${i}`],
        JSON.stringify(character),
      );
    }
  });

  test('an undeclared field is a mistake in the code', async () => {
    for (const field of ['nobody', 'body', 'id', '__proto__', 'constructor', '$where', 'name" OR 1=1 --']) {
      await rejects(ctx.store.find(things, { tenant, where: [{ field, equals: 1 }], limit: 1 }), TypeError);
      await rejects(ctx.store.count(things, { tenant, where: [{ field, in: [1] }] }), TypeError);
    }
    await rejects(
      ctx.store.find(things, { tenant, order: { field: 'nobody', descending: true }, limit: 1 }),
      TypeError,
    );
  });

  test('a value of another type is a mistake in the code, and never an operator', async () => {
    for (const equals of [{ $ne: null }, ['a'], { $gt: '' }, true, 5, undefined] as unknown as FieldValue[]) {
      await rejects(
        ctx.store.find(things, { tenant, where: [{ field: 'name', equals }], limit: 1 }),
        TypeError,
      );
      await rejects(
        ctx.store.find(things, { tenant, where: [{ field: 'name', in: [equals] }], limit: 1 }),
        TypeError,
      );
    }
    await rejects(
      ctx.store.find(things, { tenant, where: [{ field: 'rank', gte: '1' }], limit: 1 }),
      TypeError,
    );
    await rejects(
      ctx.store.find(things, { tenant, where: [{ field: 'rank', contains: '1' }], limit: 1 }),
      TypeError,
    );
  });

  test('a bad limit or offset is a mistake in the code; a limit of 0 finds nothing', async () => {
    for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await rejects(ctx.store.find(things, { tenant, limit }), RangeError);
      await rejects(ctx.store.find(things, { tenant, limit: 1, offset: limit }), RangeError);
    }
    assert.equal(await ctx.store.find(things, { tenant, limit: 0 }), []);
  });
});
