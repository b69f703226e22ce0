import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { identities } from '../../src/services/identity/collection.js';
import type { Collection } from '../../src/storage/store.js';
import { cuttable } from '../linkedin/cuttable-store.js';
import { refused } from '../linkedin/refused.js';
import { forEachStore } from '../support/stores.js';
import { createMergeBench, type MergeBench } from './bench.js';

const COLLECTIONS: readonly Collection<never>[] = [identities];
/** Intent, pointer, decision, and the pointer without its record. */
const WRITES = 4;
const LATER_MS = 60_000;

forEachStore('a merge that is killed', COLLECTIONS, (test, ctx) => {
  /** A merge of two records by a process that dies after so many writes; what another one finds. */
  async function killedAfter(writes: number, change?: (bench: MergeBench, ids: Ids) => Promise<unknown>) {
    const tenant = randomUUID();
    const mortal = cuttable(ctx.another());
    await mortal.open(COLLECTIONS);
    const dying = createMergeBench(mortal, tenant);
    const target = (await dying.create({ givenName: 'Ada', externalId: 'x' })).id;
    const source = (await dying.create({ familyName: 'Byron', uuid: 'u' })).id;
    let left = writes;
    mortal.cutAfter(() => --left === 0);
    const outcome = await dying.merge(target, source).then(
      () => 'merged',
      () => 'died',
    );
    assert.is(outcome, 'died');
    const bench = createMergeBench(ctx.store, tenant, () => LATER_MS);
    await change?.(bench, { target, source });
    return { bench, target, source, tenant };
  }

  interface Ids {
    readonly target: string;
    readonly source: string;
  }

  async function isOne(bench: MergeBench, { target, source }: Ids): Promise<void> {
    const records = await bench.list();
    assert.equal(
      records.map(({ id, givenName, familyName, externalId, uuid }) => [
        id,
        givenName,
        familyName,
        externalId,
        uuid,
      ]),
      [[target, 'Ada', 'Byron', 'x', 'u']],
    );
    assert.equal(await bench.get(source), await bench.get(target));
    assert.equal((await bench.stored(source))?.body.kind, 'merged');
    assert.is(await refused(bench.create({ uuid: 'u' })), 'ALREADY_EXISTS');
  }

  async function areTwo(bench: MergeBench, { target, source }: Ids): Promise<void> {
    const records = await bench.list();
    assert.equal(
      records.map(({ id, incoming, uuid, version }) => [id, incoming, uuid, version]),
      [
        [target, null, null, 1],
        [source, null, 'u', 1],
      ],
    );
  }

  for (let writes = 1; writes <= WRITES; writes++) {
    test(`after ${writes} of ${WRITES} writes is finished or dropped by the sweeper`, async () => {
      const { bench, ...ids } = await killedAfter(writes);
      await bench.sweep();
      await (writes === 1 ? areTwo : isOne)(bench, ids);
      assert.equal((await bench.stored(ids.target))?.body, (await bench.get(ids.target)) as never);
      await bench.merge(ids.target, ids.source);
      await isOne(bench, ids);
    });

    test(`after ${writes} of ${WRITES} writes is finished by whoever asks again`, async () => {
      const { bench, ...ids } = await killedAfter(writes);
      await bench.merge(ids.target, ids.source);
      await isOne(bench, ids);
    });

    test(`after ${writes} of ${WRITES} writes takes a write by the old id before the sweeper comes`, async () => {
      const { bench, ...ids } = await killedAfter(writes);
      const shown = await bench.get(ids.source);
      assert.is(shown.familyName, 'Byron');
      assert.is((await bench.update(ids.source, { jobTitle: 'Analyst' })).jobTitle, 'Analyst');
      assert.is((await bench.get(ids.source)).jobTitle, 'Analyst');
      await bench.sweep();
      assert.is((await bench.get(ids.source)).jobTitle, 'Analyst');
      assert.is((await bench.get(ids.source)).uuid, 'u');
      assert.is((await bench.list()).length, writes === 1 ? 2 : 1);
    });

    test(`after ${writes} of ${WRITES} writes loses nothing where its target goes`, async () => {
      const { bench, ...ids } = await killedAfter(writes, ({ remove }, { target }) => remove(target));
      await bench.sweep();
      const left = (await bench.list()).map(({ id, uuid }) => [id, uuid]);
      // The target that has taken the other in takes it along.
      assert.equal(left, writes < 3 ? [[ids.source, 'u']] : []);
      assert.is(await refused(bench.get(ids.target)), 'IDENTITY_NOT_FOUND');
      if (writes >= 3) assert.is(await refused(bench.get(ids.source)), 'IDENTITY_NOT_FOUND');
    });
  }

  test('gives way to a target that has come to collide, and leaves two', async () => {
    for (const writes of [1, 2]) {
      const { bench, ...ids } = await killedAfter(writes, ({ update }, { target }) =>
        update(target, { uuid: 'v' }),
      );
      await bench.sweep();
      const records = await bench.list();
      assert.equal(
        records.map(({ uuid }) => uuid),
        ['v', 'u'],
      );
      assert.is(await refused(bench.merge(ids.target, ids.source)), 'MERGE_COLLISION');
      assert.equal(
        (await bench.list()).map(({ incoming }) => incoming),
        [null, null],
      );
    }
  });

  test('lets others merge into its target, and out of it', async () => {
    for (let writes = 1; writes <= WRITES; writes++) {
      const { bench, ...ids } = await killedAfter(writes);
      const third = (await bench.create({ jobTitle: 'Analyst' })).id;
      const [target, source] = writes % 2 === 0 ? [ids.target, third] : [third, ids.target];
      await bench.merge(target, source);
      await bench.merge(third, ids.source);
      assert.equal(
        (await bench.list()).map(({ id, familyName, jobTitle }) => [id, familyName, jobTitle]),
        [[target, 'Byron', 'Analyst']],
      );
      for (const id of [ids.target, ids.source, third]) assert.is((await bench.get(id)).id, target);
    }
  });
});
