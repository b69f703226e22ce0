import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { documentOf } from './document-of.js';
import { rejects } from './rejects.js';
import { at, newTenant, type Thing, things } from './things.js';

forEachStore('values', [things], (test, ctx) => {
  /** The note as insert answers it and as it is read again, which must be one and the same. */
  async function stored(note: unknown): Promise<unknown> {
    const key = at(newTenant(), 'a');
    const inserted = await ctx.store.insert(things, key, { claims: ['c'], note });
    const read = await ctx.store.get(things, key);
    assert.is(JSON.stringify(read), JSON.stringify(inserted));
    const [found] = await ctx.store.find(things, { tenant: key.tenant, limit: 1 });
    assert.is(JSON.stringify(documentOf(found!)), JSON.stringify(inserted));
    return read?.body.note;
  }
  const kept = async (note: unknown) => assert.is(JSON.stringify(await stored(note)), JSON.stringify(note));

  test('numbers come back as the same doubles', async () => {
    await kept([
      0,
      1,
      -1,
      1.5,
      0.1,
      2 ** 31,
      -(2 ** 31),
      2 ** 53 - 1,
      2 ** 53,
      -(2 ** 53),
      1e21,
      1e308,
      5e-324,
    ]);
  });

  test('keys that mean something to a database or to JavaScript are kept', async () => {
    const keys = [
      '$set',
      '$where',
      'a.b',
      '.',
      '',
      'constructor',
      'toString',
      '_id',
      '_bsontype',
      'toBSON',
      '$ref',
      '$id',
      '$oid',
    ];
    for (const key of keys) await kept({ [key]: { [key]: 'ObjectId' } });
    await kept({ $ref: 'things', $id: 'a', $db: 'admin' });
    await kept({ _bsontype: 'Long', low: 1, high: 2 });
    await kept({ __proto__x: 1, hasOwnProperty: null });
  });

  test('__proto__ is a key like any other and pollutes nothing', async () => {
    const note = JSON.parse('{"__proto__": {"polluted": true}}');
    assert.is(JSON.stringify(await stored(note)), '{"__proto__":{"polluted":true}}');
    assert.is(({} as { polluted?: boolean }).polluted, undefined);
  });

  test('the order of keys is kept', async () => {
    await kept({ z: 1, a: 2, m: { y: 1, b: 2 } });
  });

  test('a body of a mebibyte is kept', async () => {
    await kept('ü'.repeat(512 * 1024));
  });

  test('sixty levels are kept', async () => {
    let note: unknown = 'deep';
    for (let i = 0; i < 60; i++) note = i % 2 ? { a: note } : [note];
    await kept(note);
  });

  test('any JSON is kept', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), kept), { numRuns: 60 });
  });

  test('what JSON turns a value into is what is stored', async () => {
    const note = {
      when: new Date(0),
      nan: Number.NaN,
      minus: -0,
      drop: undefined,
      list: [undefined, Number.POSITIVE_INFINITY],
    };
    assert.equal(await stored(note), {
      when: '1970-01-01T00:00:00.000Z',
      nan: null,
      minus: 0,
      list: [null, null],
    });
  });

  test('a body that is no object is kept', async () => {
    const odd = {
      ...things,
      index: () => ({ claims: ['c'], tokens: [], fields: { name: null, rank: null, on: null } }),
    };
    for (const body of [
      'text',
      5,
      true,
      null,
      [1, 'two'],
      {},
      '{"looks":"like JSON"}',
    ] as unknown as Thing[]) {
      const key = at(newTenant(), 'a');
      await ctx.store.insert(odd, key, body);
      assert.equal((await ctx.store.get(odd, key))?.body, body);
    }
    await rejects(ctx.store.insert(odd, at(newTenant(), 'a'), undefined as unknown as Thing), TypeError);
  });

  test('a field value of a wrong type, or one that is missing, is a mistake in the code', async () => {
    const indexed = (fields: object) => ({
      ...things,
      index: () => ({ claims: ['c'], tokens: [], fields: fields as never }),
    });
    const good = { name: 'n', rank: 1, on: true };
    for (const bad of [
      { name: 5 },
      { rank: '1' },
      { on: 1 },
      { name: {} },
      { rank: Number.NaN },
      { rank: -(2 ** 63) },
      { on: undefined },
    ]) {
      await rejects(ctx.store.insert(indexed({ ...good, ...bad }), at(newTenant(), 'a'), {}), TypeError);
    }
    await rejects(ctx.store.insert(indexed({ name: 'n', rank: 1 }), at(newTenant(), 'a'), {}), TypeError);
  });
});
