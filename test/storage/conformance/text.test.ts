import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { documentOf } from './document-of.js';
import { rejects } from './rejects.js';
import { at, newTenant, type Thing, things } from './things.js';

const WELL_FORMED = {
  composed: 'é',
  decomposed: 'e\u0301',
  astral: '😀👩‍👩‍👧𝒳',
  'right to left': '\u202eשלום\u202c',
  'dotted capital I': 'İi̇',
  'trailing space': 'x ',
  'zero width': 'a\u200bb\ufeffc',
  'non-characters': '\uffff\ufffe\u{10ffff}',
  'replacement character': '\ufffd',
  controls: '\u0001\u001f\u007f\r\n\t\b',
  quotes: `'"\`\\ -- ; DROP TABLE docs_things; /*`,
  'placeholders of SQL': '? ?1 :a @b $c',
  empty: '',
};
const UNSTORABLE = { NUL: 'a\0b', 'a high surrogate': 'a\ud800b', 'a low surrogate': 'a\udc00b' };

forEachStore('text', [things], (test, ctx) => {
  for (const [name, text] of Object.entries(WELL_FORMED)) {
    test(`${name}: the same in body, field, claim, token and id`, async () => {
      const tenant = newTenant();
      const id = `id ${text}`;
      const body: Thing = {
        claims: [`claim ${text}`],
        tokens: [`token ${text}`],
        name: text,
        note: { [`${text}!`]: text },
      };
      const inserted = await ctx.store.insert(things, at(tenant, id), body);
      assert.equal(inserted.body, body);
      assert.equal(await ctx.store.get(things, at(tenant, id)), inserted);
      assert.equal((await ctx.store.getMany(things, tenant, [id])).map(documentOf), [inserted]);
      assert.equal(await ctx.store.getByClaim(things, tenant, `claim ${text}`), inserted);
      for (const condition of [
        { field: 'name', equals: text },
        { field: 'name', in: [text] },
        { field: 'name', contains: text },
        { field: 'name', gte: text, lt: `${text}\u0001` },
        { token: `token ${text}` },
      ]) {
        const found = await ctx.store.find(things, { tenant, where: [condition], limit: 2 });
        assert.equal(found.map(documentOf), [inserted]);
      }
    });
  }

  for (const [name, text] of Object.entries(UNSTORABLE)) {
    test(`${name}: kept in a body`, async () => {
      const key = at(newTenant(), 'a');
      const body: Thing = { claims: ['c'], note: { [text]: text } };
      const inserted = await ctx.store.insert(things, key, body);
      assert.equal(inserted.body, body);
      assert.equal((await ctx.store.get(things, key))?.body, body);
      assert.equal((await ctx.store.find(things, { tenant: key.tenant, limit: 1 }))[0]?.body, body);
    });

    test(`${name}: refused in what is indexed`, async () => {
      const tenant = newTenant();
      await rejects(ctx.store.insert(things, at(tenant, text), {}), TypeError);
      await rejects(ctx.store.insert(things, at(text, 'a'), {}), TypeError);
      for (const body of [{ claims: [text] }, { tokens: [text] }, { name: text }]) {
        await rejects(ctx.store.insert(things, at(tenant, 'a'), body), TypeError);
      }
    });

    test(`${name}: matches nothing, least of all a part or a replacement of it`, async () => {
      const tenant = newTenant();
      for (const [i, other] of ['a', 'a\ufffdb', 'ab', 'a?b'].entries()) {
        await ctx.store.insert(things, at(tenant, other), {
          claims: [other],
          tokens: [other],
          name: other,
          rank: i,
        });
      }
      assert.is(await ctx.store.get(things, at(tenant, text)), undefined);
      assert.is(await ctx.store.get(things, at(text, 'a')), undefined);
      assert.equal(await ctx.store.getMany(things, tenant, [text]), []);
      assert.is(await ctx.store.getByClaim(things, tenant, text), undefined);
      assert.is(await ctx.store.remove(things, at(tenant, text)), false);
      for (const condition of [
        { field: 'name', equals: text },
        { field: 'name', in: [text] },
        { field: 'name', contains: text },
        { field: 'name', gte: text },
        { token: text },
      ]) {
        assert.equal(await ctx.store.find(things, { tenant, where: [condition], limit: 9 }), []);
        assert.is(await ctx.store.count(things, { tenant, where: [condition] }), 0);
      }
      assert.is(await ctx.store.count(things, { tenant, where: [{ field: 'name', in: [text, 'a'] }] }), 1);
      assert.is(await ctx.store.count(things, { tenant: text }), 0);
    });
  }
});
