import * as assert from 'uvu/assert';
import type { Place } from '../../src/services/page-token.js';
import { forEachStore } from '../support/stores.js';
import { COLLECTIONS, createSessionBench, DAY_MS, HOUR_MS, type SessionBench } from './bench.js';

forEachStore('lists of auth sessions', COLLECTIONS, (test, context) => {
  let bench: SessionBench;
  test.before.each(() => {
    bench = createSessionBench(context.store);
  });

  /** Every page of a list, by session ids. */
  async function walk(
    id: string,
    limit: number,
    active?: boolean,
    between: () => Promise<unknown> = async () => undefined,
  ): Promise<string[][]> {
    const pages: string[][] = [];
    let after: Place | undefined;
    do {
      const page = await bench.sessions.list(bench.of(id), { active, limit, after }, {});
      pages.push(page.sessions.map((session) => session.id));
      after = page.next;
      await between();
    } while (after !== undefined);
    return pages;
  }

  const opened = async (id: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.unshift((await bench.signIn(id)).session.id);
    return ids;
  };

  test('an identity without sessions has an empty list', async () => {
    const id = await bench.identity();
    for (const active of [true, false, undefined]) assert.equal(await walk(id, 10, active), [[]]);
  });

  test('a list has the sessions of its identity alone, newest first', async () => {
    const [id, other] = [await bench.identity(), await bench.identity()];
    const ids = await opened(id, 3);
    await opened(other, 2);
    assert.equal(await bench.listed(id), ids);
  });

  test('expired and revoked sessions are among those that have ended, and no others', async () => {
    const id = await bench.identity();
    const expired = await opened(id, 2);
    bench.forward(DAY_MS);
    const revoked = await opened(id, 2);
    for (const sessionId of revoked) await bench.sessions.revoke({ ...bench.of(id), sessionId }, {});
    const held = await opened(id, 2);
    assert.equal(await bench.listed(id, true), held);
    assert.equal(await bench.listed(id, false), [...revoked, ...expired]);
    assert.equal(await bench.listed(id), [...held, ...revoked, ...expired]);
  });

  test('of an identity that was put out of use and back, the sessions of before have ended', async () => {
    const id = await bench.identity();
    const before = await opened(id, 2);
    await bench.update(id, { state: 'inactive' });
    assert.equal([await bench.listed(id, true), await bench.listed(id, false)], [[], before]);
    await bench.update(id, { state: 'active' });
    const after = await opened(id, 1);
    assert.equal([await bench.listed(id, true), await bench.listed(id, false)], [after, before]);
  });

  for (const limit of [1, 2, 3, 5, 6, 10]) {
    test(`pages of ${limit} have every session once`, async () => {
      const id = await bench.identity();
      const ids = await opened(id, 6);
      const ended = ids.filter((_, at) => at % 2 === 0);
      for (const sessionId of ended) await bench.sessions.revoke({ ...bench.of(id), sessionId }, {});
      for (const [active, expected] of [
        [undefined, ids],
        [true, ids.filter((each) => !ended.includes(each))],
        [false, ended],
      ] as const) {
        const pages = await walk(id, limit, active);
        assert.equal(pages.flat(), expected);
        assert.is(pages.length, Math.ceil(expected.length / limit), 'no page is empty');
      }
    });
  }

  test('what is opened and ended while a list is walked moves nothing that stands', async () => {
    const id = await bench.identity();
    const ids = await opened(id, 6);
    let turn = 0;
    const pages = await walk(id, 2, undefined, async () => {
      await bench.signIn(id);
      await bench.sessions.revoke({ ...bench.of(id), sessionId: ids[turn++]! }, {});
      bench.forward(HOUR_MS);
    });
    assert.equal(pages.flat(), ids);
  });

  test('sessions that have ended are looked through, however many stand before those that are asked for', async () => {
    const id = await bench.identity();
    const [first] = await opened(id, 1);
    await bench.sessions.revoke({ ...bench.of(id), sessionId: first! }, {});
    await bench.signInOften(id, 520);
    assert.equal(await walk(id, 2, false), [[first]]);
  });
});
