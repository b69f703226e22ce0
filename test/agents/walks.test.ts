import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';

const BASE = '/v1/identities/';
const MADE = 200;
const LIMIT = 7;
/** Every other one stays; of the rest, what is this far from the walker's place may go: never its next cursor. */
const FAR = 45;
const INSERTED = 40;

interface Shown {
  readonly id: string;
  readonly name: string;
}

/** Walks as clients do: on from the last of each page, or back from the first. `at` is told each cursor. */
async function walk(
  rest: Rest,
  query: string,
  start: string | undefined,
  isBackward: boolean,
  at: (id: string) => Promise<void>,
) {
  const seen: Shown[] = [];
  let cursor = start;
  for (;;) {
    const where = cursor === undefined ? '' : `&${isBackward ? 'before' : 'after'}=${cursor}`;
    const { status, body: page } = await rest('GET', `${BASE}?limit=${LIMIT}${query}${where}`);
    assert.is(status, 200, JSON.stringify(page));
    if (page.length === 0) return seen;
    seen.splice(isBackward ? 0 : seen.length, 0, ...page);
    cursor = page.at(isBackward ? 0 : -1).id as string;
    await at(cursor);
  }
}

forEachApp('agents walks', {}, (test, context) => {
  for (const order of ['asc', 'desc']) {
    for (const isBackward of [false, true]) {
      const way = `${order}, ${isBackward ? 'backwards' : 'forwards'}`;
      test(`a walk ${way} misses nothing that stands and repeats nothing while others write`, async () => {
        const { app } = context();
        const tenant = `walk-${order}-${isBackward}`;
        const rest = restAs(app.rest, await app.key(tenant, 'agents'));
        // What a first call has to make ready comes before many at once.
        await rest('GET', BASE);
        const ids: string[] = [];
        for (let batch = 0; batch < MADE; batch += 10) {
          const answers = await Promise.all(
            Array.from({ length: 10 }, (_, n) => rest('POST', BASE, body(`${batch + n}`))),
          );
          ids.push(...answers.map(({ body }) => body.id as string));
        }
        ids.sort();
        const core = restAs(app.rest, await app.key(tenant, 'core'));
        const { identities } = (await core('GET', '/api/core/v1/identities?pageSize=1000')).body;
        const times = new Set(identities.map((each: { createTime: string }) => each.createTime));
        assert.ok(times.size < MADE, 'some were made in the same millisecond');

        const stays = ids.filter((_, n) => n % 2 === 0);
        const goes = new Set(ids.filter((_, n) => n % 2 === 1));
        const atEnd = (order === 'asc') === isBackward;
        let place = atEnd ? MADE - 1 : 0;
        let isWalking = true;
        let [deleted, inserted, rounds] = [0, 0, 0];
        const write = async () => {
          while (isWalking) {
            const victim = [...goes].find((id) => Math.abs(ids.indexOf(id) - place) > FAR);
            if (victim !== undefined) {
              goes.delete(victim);
              assert.is((await rest('DELETE', BASE + victim)).status, 200);
              deleted++;
            }
            if (inserted < INSERTED) await rest('POST', BASE, body(`new ${inserted++}`));
            rounds++;
            await sleep(1);
          }
        };
        let failed: unknown;
        const writing = Promise.all([write(), write()]).catch((error: unknown) => {
          failed = error;
        });
        // Backwards one begins at the end of the list, at one that stays.
        const start = isBackward ? (order === 'asc' ? stays.at(-1) : stays[0]) : undefined;
        const seen = await walk(rest, `&order=${order}`, start, isBackward, async (id) => {
          if (ids.includes(id)) place = ids.indexOf(id);
          // The writers go on while the next page is asked for, and have written before.
          for (const before = rounds; rounds < before + 2 && failed === undefined; ) await sleep(1);
        }).finally(() => {
          isWalking = false;
        });
        await writing;
        assert.is(failed, undefined);

        const shown = seen.map(({ id }) => id);
        assert.equal(shown, [...new Set(shown)], 'nothing twice');
        assert.equal(shown, order === 'asc' ? shown.toSorted() : shown.toSorted().reverse(), 'in order');
        const missed = stays.filter((id) => id !== start && !shown.includes(id));
        assert.equal(missed, []);
        assert.ok(deleted > 10 && inserted > 10, `${deleted} deleted and ${inserted} inserted meanwhile`);
      });
    }
  }

  test('a page ends before it is 3 MiB, and the walk goes on behind it', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('large', 'agents'));
    const large = (n: number) => ({
      ...body(`${n}`),
      properties: [{ key: 'text', type: 'string', value: 'x'.repeat(500_000) }],
    });
    for (let n = 0; n < 10; n++) assert.is((await rest('POST', BASE, large(n))).status, 200);
    const first = await rest('GET', `${BASE}?limit=10`);
    assert.ok(first.body.length > 1 && first.body.length < 10, String(first.body.length));
    assert.ok(JSON.stringify(first.body).length < 3 * 1024 * 1024);
    const seen: Shown[] = await walk(rest, '', undefined, false, async () => undefined);
    assert.equal(
      seen.map(({ name }) => name),
      ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'],
    );
  });
});

function body(name: string) {
  return { identifier_key: `key of ${name}`, name, identity_type: 'user' };
}
