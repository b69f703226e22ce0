import { LettaClient, LettaError } from 'letta-client-legacy';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { NOBODY } from './cases/case.js';
import { WAYS } from './letta.js';

const ada = {
  identifierKey: 'ada',
  name: 'Ada Byron',
  identityType: 'user' as const,
  properties: [{ key: 'age', value: 28, type: 'number' as const }],
};

/** The status that a call fails with. */
async function status(call: PromiseLike<unknown>): Promise<number | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, LettaError);
  return (error as LettaError).statusCode;
}

/** The major line before, which another generator made: it checks answers against schemas of its own. */
forEachApp('the older client of agent platforms', {}, (test, context) => {
  for (const way of WAYS) {
    const clientFor = async (tenant: string) => {
      const { app } = context();
      const isByKey = way === 'by key';
      const token = await app.key(`${tenant}-${WAYS.indexOf(way)}`, isByKey ? 'agents' : 'outreach');
      return new LettaClient({ baseUrl: isByKey ? app.rest : `${app.rest}/api/agents/`, token });
    };

    test(`${way}: every method works`, async () => {
      const { identities } = await clientFor('older');
      const made = await identities.create(ada);
      assert.equal([made.identifierKey, made.properties], ['ada', ada.properties]);
      assert.equal(await identities.retrieve(made.id!), made);
      const changed = await identities.modify(made.id!, { name: 'Countess' });
      assert.equal(changed, { ...made, name: 'Countess' });
      assert.is((await identities.upsert({ ...ada, name: 'Ada' })).id, made.id);
      assert.is(
        (await identities.upsert({ ...ada, identifierKey: 'eva', identityType: 'org' })).name,
        ada.name,
      );
      assert.is(await identities.count(), 2);
      const keys = async (query: Parameters<typeof identities.list>[0]) =>
        (await identities.list(query)).map(({ identifierKey }) => identifierKey);
      assert.equal(await keys({}), ['eva', 'ada']);
      assert.equal(await keys({ limit: 1, after: (await identities.list({ limit: 1 }))[0]!.id! }), ['ada']);
      assert.equal(await keys({ identityType: 'org', name: 'BYRON' }), ['eva']);
      await identities.properties.upsert(made.id!, [{ key: 'k', value: { a: 1 }, type: 'json' }]);
      assert.equal((await identities.retrieve(made.id!)).properties, [
        { key: 'k', value: { a: 1 }, type: 'json' },
      ]);
      await identities.delete(made.id!);
      assert.is(await identities.count(), 1);
    });

    test(`${way}: errors have their statuses`, async () => {
      const { identities } = await clientFor('older-errors');
      await identities.create(ada);
      assert.is(await status(identities.create(ada, { maxRetries: 0 })), 409);
      assert.is(await status(identities.retrieve(NOBODY)), 404);
      assert.is(await status(identities.retrieve('x')), 422);
    });
  }
});
