import * as assert from 'uvu/assert';
import { handleOf, keepIds, keptIds, readKeptIds } from '../../src/services/identity/kept-ids.js';
import { forEachStore } from '../support/stores.js';

const HOUR = 3_600_000;

forEachStore('kept ids', [keptIds], (test, ctx) => {
  const at = (ms: number) => ({ store: ctx.store, now: () => new Date(ms) });

  test('are read for an hour by the tenant that they are kept for, whatever their order', async () => {
    await keepIds(at(0), 'acme', ['b', 'a'], {});
    const handle = handleOf(['a', 'b', 'a']);
    assert.equal(await readKeptIds(at(HOUR - 1), 'acme', handle, {}), ['b', 'a']);
    assert.is(await readKeptIds(at(HOUR), 'acme', handle, {}), undefined);
    assert.is(await readKeptIds(at(0), 'other', handle, {}), undefined);
    assert.is(await readKeptIds(at(0), 'acme', handleOf(['a']), {}), undefined);
  });

  test('last an hour from when they were asked for last', async () => {
    await keepIds(at(0), 'again', ['a'], {});
    await keepIds(at(HOUR / 2), 'again', ['a'], {});
    assert.ok(await readKeptIds(at(HOUR + 1), 'again', handleOf(['a']), {}));
  });

  test('that have lapsed are cleared away when others are kept', async () => {
    await keepIds(at(0), 'clearing', ['a'], {});
    await keepIds(at(2 * HOUR), 'clearing', ['b'], {});
    const left = await ctx.store.find(keptIds, { tenant: 'clearing', limit: 10 });
    assert.equal(
      left.map(({ id }) => id),
      [handleOf(['b'])],
    );
  });
});
