import * as assert from 'uvu/assert';
import { forEachStore } from '../../support/stores.js';
import { at, newTenant, things } from './things.js';

forEachStore('inspect', [things], (test, ctx) => {
  test('the engine is named, and nothing is missing from a store that was opened', async () => {
    const found = await ctx.store.inspect([things]);
    assert.match(found.engine, ctx.name === 'embedded' ? /^SQLite 3\.\d+/ : /MongoDB \d/);
    assert.equal([found.made, found.missingIndexes, found.damage], [true, [], []]);
    if (ctx.name === 'mongo') assert.ok(Math.abs(found.clockAheadMs!) < 2000);
  });

  test('a field that is declared anew misses its index until the store is opened with it', async () => {
    await ctx.store.insert(things, at(newTenant(), 'a'), {});
    const wider = { ...things, fields: { ...things.fields, colour: 'text' as const } };
    const [missing, ...more] = (await ctx.store.inspect([wider])).missingIndexes;
    assert.match(missing!, /^things.*colour/);
    assert.equal(more, []);
  });

  test('a collection that nobody has opened is not made by looking, and misses nothing', async () => {
    const absent = { ...things, name: 'absent' };
    for (let look = 0; look < 2; look++) {
      const found = await ctx.another().inspect([absent]);
      assert.equal([found.made, found.missingIndexes], [false, []]);
    }
  });
});
