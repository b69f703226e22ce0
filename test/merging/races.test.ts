import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { identities } from '../../src/services/identity/collection.js';
import type { Collection } from '../../src/storage/store.js';
import { refused } from '../linkedin/refused.js';
import { forEachStore } from '../support/stores.js';
import { createMergeBench, type MergeBench } from './bench.js';

const COLLECTIONS: readonly Collection<never>[] = [identities];
const ROUNDS = 12;

/** How the work ended: the reason of a refusal. */
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'OK',
    (error: unknown) => {
      if (error instanceof FacetError) return error.reason;
      throw error;
    },
  );

forEachStore('merges at once', COLLECTIONS, (test, ctx) => {
  /** Several processes on one tenant. */
  async function processes(count: number): Promise<MergeBench[]> {
    const tenant = randomUUID();
    const stores = [ctx.store, ...Array.from({ length: count - 1 }, () => ctx.another())];
    await Promise.all(stores.slice(1).map((store) => store.open(COLLECTIONS)));
    return stores.map((store) => createMergeBench(store, tenant));
  }

  test('of two into one target both end there', async () => {
    const [one, two] = (await processes(2)) as [MergeBench, MergeBench];
    for (let round = 0; round < ROUNDS; round++) {
      const target = (await one.create({ givenName: `T${round}` })).id;
      const a = (await one.create({ externalId: `a${round}` })).id;
      const b = (await one.create({ uuid: `b${round}` })).id;
      assert.equal(await Promise.all([outcome(one.merge(target, a)), outcome(two.merge(target, b))]), [
        'OK',
        'OK',
      ]);
      const { externalId, uuid, absorbed } = await one.get(target);
      assert.equal([externalId, uuid, absorbed.length], [`a${round}`, `b${round}`, 2]);
    }
    assert.is((await one.list()).length, ROUNDS);
  });

  test('of two that collide with each other one wins, and the other stays whole', async () => {
    const [one, two] = (await processes(2)) as [MergeBench, MergeBench];
    for (let round = 0; round < ROUNDS; round++) {
      const target = (await one.create({})).id;
      const a = (await one.create({ externalId: `a${round}` })).id;
      const b = (await one.create({ externalId: `b${round}` })).id;
      const ends = await Promise.all([outcome(one.merge(target, a)), outcome(two.merge(target, b))]);
      assert.equal([...ends].sort(), ['MERGE_COLLISION', 'OK']);
      const [lost, kept] = ends[0] === 'OK' ? [b, a] : [a, b];
      assert.is((await one.get(kept)).id, target);
      assert.equal([(await one.get(lost)).id, (await one.get(lost)).version], [lost, 1]);
    }
  });

  test('in both directions, and in a ring, all become one', async () => {
    const [one, two, three] = (await processes(3)) as [MergeBench, MergeBench, MergeBench];
    for (let round = 0; round < ROUNDS; round++) {
      const a = (await one.create({ givenName: `A${round}` })).id;
      const b = (await one.create({ familyName: `B${round}` })).id;
      const c = (await one.create({ jobTitle: `C${round}` })).id;
      const merges =
        round % 2 === 0
          ? [one.merge(a, b), two.merge(b, a), three.merge(c, b)]
          : [one.merge(a, b), two.merge(b, c), three.merge(c, a)];
      assert.equal(await Promise.all(merges.map(outcome)), ['OK', 'OK', 'OK']);
      const seen = await Promise.all([a, b, c].map((id) => one.get(id)));
      assert.is(new Set(seen.map(({ id }) => id)).size, 1);
      const { givenName, familyName, jobTitle } = seen[0]!;
      assert.equal([givenName, familyName, jobTitle], [`A${round}`, `B${round}`, `C${round}`]);
    }
    assert.is((await one.list()).length, ROUNDS);
    for (const { incoming } of await one.list()) assert.is(incoming, null);
  });

  test('no update of either is lost', async () => {
    const [one, two] = (await processes(2)) as [MergeBench, MergeBench];
    for (let round = 0; round < ROUNDS; round++) {
      const target = (await one.create({ givenName: 'Ada' })).id;
      const source = (await one.create({ familyName: 'Byron' })).id;
      const ends = await Promise.all([
        outcome(one.merge(target, source)),
        outcome(two.update(source, { jobTitle: 'Analyst' })),
        outcome(two.update(target, { countryCode: 'GB' })),
      ]);
      assert.equal(ends, ['OK', 'OK', 'OK']);
      const { familyName, jobTitle, countryCode } = await two.get(source);
      assert.equal([familyName, jobTitle, countryCode], ['Byron', 'Analyst', 'GB']);
    }
  });

  test('against a delete of either: nothing is left over, and nothing that stays is lost', async () => {
    const [one, two] = (await processes(2)) as [MergeBench, MergeBench];
    for (let round = 0; round < ROUNDS; round++) {
      const target = (await one.create({ externalId: `t${round}` })).id;
      const source = (await one.create({ uuid: `s${round}` })).id;
      const gone = round % 2 === 0 ? target : source;
      const [merged, deleted] = await Promise.all([
        outcome(one.merge(target, source)),
        outcome(two.remove(gone)),
      ]);
      assert.is(deleted, 'OK');
      assert.ok(['OK', 'IDENTITY_NOT_FOUND'].includes(merged), merged);
      await one.sweep();
      const left = await one.list();
      // The delete came before the merge, or took the two that had become one.
      assert.ok(left.length <= 1);
      if (left.length === 1) {
        assert.is(merged, 'IDENTITY_NOT_FOUND');
        assert.not(left[0]!.id === gone);
      }
      for (const { id } of left) await one.remove(id);
    }
  });

  test('a value that the merged identity gives up can be taken at once, and by one only', async () => {
    const [one, two] = (await processes(2)) as [MergeBench, MergeBench];
    const target = (await one.create({ givenName: 'Ada' })).id;
    const source = (await one.create({ externalId: '42', uuid: 'u' })).id;
    await one.merge(target, source);
    assert.is(await refused(one.create({ externalId: '42' })), 'ALREADY_EXISTS');
    await one.update(target, { externalId: '43' });
    assert.is(await refused(one.lookup('x', { kind: 'external_id', value: '42' }, {})), 'IDENTITY_NOT_FOUND');
    const takers = Array.from({ length: 8 }, (_, n) =>
      outcome((n % 2 ? one : two).create({ externalId: '42' })),
    );
    const back = outcome(two.update(target, { externalId: '42' }));
    const ends = await Promise.all([...takers, back]);
    assert.is(ends.filter((end) => end === 'OK').length, 1);
    assert.is((await one.list()).filter(({ externalId }) => externalId === '42').length, 1);
    assert.is(await refused(one.create({ uuid: 'u' })), 'ALREADY_EXISTS');
  });

  test('a value that was given up and is free can be had back, also through the old id', async () => {
    const [one] = (await processes(1)) as [MergeBench];
    const target = (await one.create({})).id;
    const source = (await one.create({ externalId: '42' })).id;
    await one.merge(target, source);
    await one.update(source, { externalId: null });
    await one.update(source, { externalId: '42' });
    assert.is(await refused(one.create({ externalId: '42' })), 'ALREADY_EXISTS');
    await one.update(target, { externalId: null });
    const taker = await one.create({ externalId: '42' });
    assert.is(await refused(one.update(target, { externalId: '42' })), 'ALREADY_EXISTS');
    await one.update(taker.id, { externalId: null });
    assert.is((await one.update(target, { externalId: '42' })).externalId, '42');
    assert.is(await refused(one.update(taker.id, { externalId: '42' })), 'ALREADY_EXISTS');
  });

  test('what a deleted identity had taken in is free with it', async () => {
    const [one] = (await processes(1)) as [MergeBench];
    const target = (await one.create({})).id;
    await one.merge(target, (await one.create({ externalId: '42' })).id);
    // Its clean-up is yet to come: the pointer is still there.
    await one.remove(target);
    assert.is((await one.create({ externalId: '42' })).externalId, '42');
  });
});
