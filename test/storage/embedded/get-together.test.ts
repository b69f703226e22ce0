import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGetTogether } from '../../../src/storage/embedded/get-together.js';
import type { Document, Key } from '../../../src/storage/store.js';

const test = suite('get together [embedded]');

const at = (tenant: string, id: string): Key => ({ tenant, id });
const TURN = () => new Promise((resolve) => setImmediate(resolve));

/** What is kept, read a turn later as it was when the look began; `bad` cannot be read. */
function keeping(kept: Record<string, string>) {
  const looks: string[][] = [];
  const get = createGetTogether(async (keys) => {
    const names = keys.map(({ tenant, id }) => `${tenant}/${id}`);
    looks.push(names);
    const found = keys.flatMap(({ tenant, id }): Document<unknown>[] => {
      const body = kept[`${tenant}/${id}`];
      return body === undefined ? [] : [{ tenant, id, revision: 1, body: { text: body } }];
    });
    await TURN();
    if (names.includes('t/bad')) throw new Error('bad');
    return found;
  });
  const text = async (tenant: string, id: string) =>
    ((await get(at(tenant, id)))?.body as { text: string } | undefined)?.text;
  return { get, looks, text };
}

test('each gets its own, in whatever tenant, and nothing where there is nothing', async () => {
  const { text, looks } = keeping({ 't/a': '1', 't/b': '2', 'u/a': '3' });
  // The first two have looks of their own.
  const names = ['t/a', 't/x', 't/a', 'u/a', 't/x', 'u/b', 't/b', 't/a'];
  const found = await Promise.all(names.map((name) => text(name[0]!, name[2]!)));
  assert.equal(found, ['1', undefined, '1', '3', undefined, undefined, '2', '1']);
  assert.is(looks.length, 3);
});

test('what is asked for while two looks are under way shares the next, up to sixteen', async () => {
  const { text, looks } = keeping({});
  await Promise.all(Array.from({ length: 40 }, (_, i) => text('t', String(i))));
  assert.equal(
    looks.map(({ length }) => length),
    [1, 1, 16, 16, 6],
  );
  await text('t', 'later');
  assert.equal(looks.at(-1), ['t/later']);
});

test('a look sees what was written before it was asked for', async () => {
  const kept: Record<string, string> = { 't/a': 'before' };
  const { text, looks } = keeping(kept);
  const early = [text('t', 'a'), text('t', 'a')];
  kept['t/a'] = 'after';
  const late = text('t', 'a');
  assert.equal(await Promise.all(early), ['before', 'before']);
  assert.is(await late, 'after');
  assert.is(looks.length, 3);
});

test('those who ask for one document do not share it', async () => {
  const { get } = keeping({ 't/a': '1' });
  const found = await Promise.all(Array.from({ length: 6 }, () => get(at('t', 'a'))));
  assert.is(new Set(found.map((document) => document?.body)).size, 6);
});

test('one that cannot be read does not take its neighbours with it', async () => {
  const { text } = keeping({ 't/a': '1', 't/b': '2' });
  const asked = ['a', 'b', 'a', 'bad', 'b'].map((id) => text('t', id));
  const settled = await Promise.allSettled(asked);
  assert.equal(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message)),
    ['1', '2', '1', 'bad', '2'],
  );
  assert.is(await text('t', 'a'), '1');
});

test.run();
