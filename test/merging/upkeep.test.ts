import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import * as assert from 'uvu/assert';
import {
  IDENTITY_SCHEMA_VERSION,
  type IdentityRecord,
  type StoredIdentity,
} from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import { identities } from '../../src/services/identity/collection.js';
import { createIdentityUpkeep } from '../../src/services/identity/upkeep.js';
import type { Collection } from '../../src/storage/store.js';
import { until } from '../linkedin/bench.js';
import { forEachStore } from '../support/stores.js';
import { warningsDuring } from '../support/warnings.js';

/** The collection as an older version declared it: without fields that came later. */
const older: Collection<StoredIdentity> = {
  name: identities.name,
  fields: { kind: 'text', name: 'text' },
  everyTenant: ['kind'],
  index: (body) => {
    const { claims, fields } = identities.index(body);
    return { claims, tokens: [], fields: { kind: fields.kind ?? null, name: fields.name ?? null } };
  },
};

const COUNT = 120;

forEachStore('records that an older version indexed', [older], (test, ctx) => {
  test('are found by what came later once they are indexed anew, and are else as they were', async () => {
    const tenant = randomUUID();
    const origin = { contract: 'core', request: null, now: new Date().toISOString() } as const;
    const bodies = Array.from({ length: COUNT }, (_, n) => {
      const id = `${String(n).padStart(4, '0')}`;
      const {
        absorbed: _a,
        incoming: _i,
        ...body
      } = newIdentity({ tenant, id }, { givenName: 'Ada' }, origin);
      return { ...body, schemaVersion: 2 } as unknown as IdentityRecord;
    });
    const gone: StoredIdentity = {
      kind: 'deleted',
      schemaVersion: 2,
      id: 'gone',
      tenant,
      linkedin: { ref: null, connector: null },
      deleteTime: origin.now,
    };
    for (const body of [...bodies, gone]) await ctx.store.insert(older, { tenant, id: body.id }, body);

    const store = ctx.another();
    await store.open([identities]);
    const enabled = { tenant, where: [{ field: 'enabled', equals: true }] };
    assert.is(await store.count(identities, enabled), 0);
    const lines: string[] = [];
    const sink = new Writable({
      write(line, _, done) {
        lines.push(String(line));
        done();
      },
    });
    const upkeep = createIdentityUpkeep({ store, now: () => new Date(), log: pino(sink) });
    const warnings = await warningsDuring(async () => {
      upkeep.start();
      await until('it says so', async () => lines.join('').includes(`"identities":${COUNT + 1}`));
      await upkeep.close();
    });
    assert.equal(warnings, []);
    assert.is(await store.count(identities, enabled), COUNT);
    assert.is(await upkeepOf(store).reindex(), 0);

    const { body } = (await store.get(identities, { tenant, id: '0007' }))!;
    assert.equal(body, {
      ...bodies[7],
      schemaVersion: IDENTITY_SCHEMA_VERSION,
      absorbed: [],
      incoming: null,
    });
    assert.is((await store.get(identities, { tenant, id: 'gone' }))?.body.kind, 'deleted');
  });

  const upkeepOf = (store: typeof ctx.store) =>
    createIdentityUpkeep({ store, now: () => new Date(), log: pino({ level: 'silent' }) });
});
