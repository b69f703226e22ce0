import Letta from '@letta-ai/letta-client';
import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { ADA, NOBODY, PROPERTIES } from './cases/case.js';
import { type CountedClient, lettaFor, WAYS } from './letta.js';

const AGENTS = [1, 2, 3].map((n) => `agent-0d2b1b5e-5f0c-4c5e-9a51-00000000000${n}`);
const BLOCKS = [1, 2, 3].map((n) => `block-0d2b1b5e-5f0c-4c5e-9a51-00000000000${n}`);
const user = (key: string, more: object = {}) => ({
  identifier_key: key,
  name: `Name of ${key}`,
  identity_type: 'user' as const,
  ...more,
});

type Failure = InstanceType<typeof Letta.APIError>;
type FailureClass = abstract new (...args: never[]) => Failure;

/** The error that a call fails with, which must be of that class. */
async function failure(call: Promise<unknown>, type: FailureClass): Promise<Failure> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, type);
  return error as Failure;
}

forEachApp('the client of agent platforms', {}, (test, context) => {
  let tenants = 0;
  for (const way of WAYS) {
    let letta: Letta;
    let counted: CountedClient;
    const begin = async () => {
      counted = await lettaFor(context().app, `sdk-${tenants++}`, way);
      letta = counted.client;
    };

    test(`${way}: create, retrieve, update, delete`, async () => {
      await begin();
      const body = user('ada', { properties: PROPERTIES, project_id: null, agent_ids: AGENTS });
      const made = await letta.identities.create(body);
      assert.match(made.id, /^identity-/);
      assert.equal({ ...made, ...body }, made);
      assert.equal(await letta.identities.retrieve(made.id), made);
      const changed = await letta.identities.update(made.id, {
        name: 'Countess',
        identity_type: null,
        properties: [{ key: 'age', type: 'number', value: 29 }],
      });
      assert.equal(changed, {
        ...made,
        name: 'Countess',
        properties: [{ key: 'age', type: 'number', value: 29 }, PROPERTIES[1]],
      });
      assert.is(await letta.identities.delete(made.id), null);
      await failure(letta.identities.retrieve(made.id), Letta.NotFoundError);
    });

    test(`${way}: upsert creates, then changes`, async () => {
      await begin();
      const made = await letta.identities.upsert(user('ada', { properties: PROPERTIES }));
      const kept = await letta.identities.upsert({ ...user('ada'), name: 'Countess', properties: null });
      assert.equal(kept, { ...made, name: 'Countess' });
      const emptied = await letta.identities.upsert(user('ada', { properties: [] }));
      assert.equal(emptied, { ...made, properties: [] });
      const elsewhere = await letta.identities.upsert(user('ada', { project_id: 'p' }));
      assert.is.not(elsewhere.id, made.id);
    });

    test(`${way}: the properties are replaced`, async () => {
      await begin();
      const { id } = await letta.identities.create(user('ada', { properties: PROPERTIES }));
      const body = [{ key: 'only', type: 'json' as const, value: { a: [1, null] } }];
      await letta.identities.properties.upsert(id, { body });
      assert.equal((await letta.identities.retrieve(id)).properties, body);
    });

    test(`${way}: lists page by themselves, forwards and backwards`, async () => {
      await begin();
      const keys = Array.from({ length: 7 }, (_, n) => `k${n}`);
      for (const key of keys) await letta.identities.create(user(key));
      const walk = async (query: Letta.IdentityListParams) => {
        const seen: string[] = [];
        const before = counted.requests();
        for await (const { identifier_key } of letta.identities.list(query)) seen.push(identifier_key);
        return { seen, requests: counted.requests() - before };
      };
      // ceil(7 / 3) pages and the empty one that tells the end.
      assert.equal(await walk({ limit: 3 }), { seen: keys.toReversed(), requests: 4 });
      assert.equal(await walk({ limit: 3, order: 'asc', order_by: 'created_at' }), {
        seen: keys,
        requests: 4,
      });
      const [last] = (await letta.identities.list({ order: 'asc', limit: 1 })).items;
      // Backwards the client takes each page's first item as the next cursor.
      assert.equal(await walk({ limit: 3, before: last!.id }), {
        seen: ['k3', 'k2', 'k1', 'k6', 'k5', 'k4'],
        requests: 3,
      });
    });

    test(`${way}: lists are filtered, and a null filter is none`, async () => {
      await begin();
      await letta.identities.create(user('ada', { name: 'Ada Byron' }));
      await letta.identities.create(user('acme', { identity_type: 'org', project_id: 'a/b c' }));
      const keys = async (query: Letta.IdentityListParams) =>
        (await letta.identities.list(query)).items.map(({ identifier_key }) => identifier_key);
      assert.equal(await keys({ name: 'a by' }), ['ada']);
      assert.equal(await keys({ identity_type: 'org' }), ['acme']);
      assert.equal(await keys({ project_id: 'a/b c' }), ['acme']);
      assert.equal(await keys({ identifier_key: 'ada', identity_type: 'org' }), []);
      const none = { name: null, project_id: null, identifier_key: null, identity_type: null };
      assert.equal(await keys(none), ['acme', 'ada']);
    });

    test(`${way}: linked agents and blocks, page by page`, async () => {
      await begin();
      const { id } = await letta.identities.create(user('ada', { agent_ids: AGENTS, block_ids: BLOCKS }));
      const ids = async (list: AsyncIterable<{ id: string }>) => {
        const seen: string[] = [];
        for await (const each of list) seen.push(each.id);
        return seen;
      };
      const { agents, blocks } = letta.identities;
      assert.equal(await ids(agents.list(id, { limit: 2 })), AGENTS.toReversed());
      const include = ['agent.tools', 'agent.blocks'] as const;
      assert.equal(await ids(agents.list(id, { limit: 2, order: 'asc', include: [...include] })), AGENTS);
      assert.equal(await ids(blocks.list(id, { limit: 1, order: 'asc' })), BLOCKS);
      assert.equal(await ids(blocks.list(id, { limit: 1, before: BLOCKS[0]! })), BLOCKS.slice(1));
      assert.equal(await ids(blocks.list(id, { after: BLOCKS[2]!, before: BLOCKS[0]! })), [BLOCKS[1]]);
    });

    test(`${way}: errors are of the client's own classes, and none is tried again`, async () => {
      await begin();
      const { id } = await letta.identities.create(user('ada'));
      await letta.identities.create(user('eva'));
      const once = async (call: () => Promise<unknown>, type: FailureClass, detail: RegExp) => {
        const before = counted.requests();
        const error = await failure(call(), type);
        assert.is(counted.requests() - before, 1, `${error.message}: requests`);
        assert.match((error.error as { detail: string }).detail, detail);
      };
      const { identities } = letta;
      await once(() => identities.create(user('ada')), Letta.ConflictError, /identifier_key/);
      await once(
        () => identities.update(id, { identifier_key: 'eva' }),
        Letta.ConflictError,
        /identifier_key/,
      );
      await once(() => identities.retrieve(NOBODY), Letta.NotFoundError, /not found/);
      await once(() => identities.retrieve('a/b'), Letta.UnprocessableEntityError, /identity_id/);
      await once(() => identities.create({ ...ADA } as never), Letta.ConflictError, /identifier_key/);
      await once(() => identities.create({} as never), Letta.UnprocessableEntityError, /name is required/);
      await once(
        () => letta.withOptions({ apiKey: 'facet_agents_none' }).identities.list(),
        Letta.AuthenticationError,
        /^Unauthorized$/,
      );
    });
  }

  test('a key that only reads is told so by its class', async () => {
    const { app } = context();
    const client = new Letta({ baseURL: app.rest, apiKey: await app.key('reader', 'agents', 'read') });
    assert.equal((await client.identities.list()).items, []);
    await failure(client.identities.create(user('ada')), Letta.PermissionDeniedError);
  });

  test("a cursor of another tenant's identity is as one that names nothing", async () => {
    const { app } = context();
    const [mine, theirs] = [await lettaFor(app, 'cursor-mine'), await lettaFor(app, 'cursor-theirs')];
    await mine.client.identities.create(user('ada'));
    const { id } = await theirs.client.identities.create(user('ada'));
    for (const query of [{ after: id }, { before: id }]) {
      const foreign = await failure(mine.client.identities.list(query), Letta.NotFoundError);
      const [name] = Object.keys(query);
      const unknown = await failure(mine.client.identities.list({ [name!]: NOBODY }), Letta.NotFoundError);
      const told = (error: Failure, cursor: string) => error.message.replaceAll(cursor, '<id>');
      assert.is(told(foreign, id), told(unknown, NOBODY));
    }
  });
});
