import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { identities } from '../../src/services/identity/collection.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { type Rest, restAs } from '../support/rest.js';

const CORE = '/api/core/v1/identities';
const PATHS = {
  core: CORE,
  outreach: '/api/outreach/v1/identities',
  profiles: '/api/profiles/v1/profiles',
  mailbox: '/api/mailbox/v1/identities',
  agents: '/api/agents/v1/identities',
} as const;

/** Where a contract has the identity. */
const pathOf = (path: string, id: string) => `${path}/${path === PATHS.agents ? 'identity-' : ''}${id}`;

// biome-ignore lint/suspicious/noExplicitAny: bodies of every contract
const idIn = (body: any): string => (body.identity ?? body).profileId ?? (body.identity ?? body).id;

forEachApp('merging', {}, (test, context) => {
  let rest: Rest;
  const tenant = async (name: string) => {
    const { app } = context();
    rest = restAs(app.rest, await app.key(name, 'core'));
  };
  const create = async (body: object, path: string = CORE) => idIn((await rest('POST', path, body)).body);
  const merge = (target: string, source: string, body: object = {}, headers = {}) =>
    rest('POST', `${CORE}/${target}:merge`, { sourceId: source, ...body }, headers);
  const mailbox = async (local: string) => {
    const domain = (await rest('POST', '/api/core/v1/domains', { name: `${local}.example`, verified: true }))
      .body;
    const given = { domain_id: domain.id, local_part: local, display_name: 'Ada Byron' };
    return create(given, PATHS.mailbox);
  };

  test('the old id leads to the target in every contract, for reads, writes and the delete', async () => {
    await tenant('every');
    const target = await create({ firstName: 'Ada', lastName: 'Byron', role: 'Analyst' }, PATHS.outreach);
    const source = await mailbox('every');
    const merged = await merge(target, source);
    assert.is(merged.status, 200);
    assert.equal([merged.body.id, merged.body.displayName], [target, 'Ada Byron']);
    assert.is(merged.headers.get('etag'), '"2"');
    for (const [contract, path] of Object.entries(PATHS)) {
      const [by, own] = [await rest('GET', pathOf(path, source)), await rest('GET', pathOf(path, target))];
      assert.is(by.status, 200, contract);
      assert.equal(by.body, own.body, contract);
      assert.is(idIn(by.body).replace(/^identity-/, ''), target, contract);
      assert.is(by.headers.get('etag'), own.headers.get('etag'), contract);
    }
    assert.is((await rest('PATCH', `${PATHS.core}/${source}`, { middleName: 'King' })).body.id, target);
    await rest('PUT', `${PATHS.outreach}/${source}`, { jobTitle: 'Countess' });
    await rest('PATCH', `${PATHS.profiles}/${source}`, { countryNumericCode: '826' });
    await rest('PATCH', `${PATHS.mailbox}/${source}`, { thread_history_depth: 3 });
    const { body } = await rest('GET', `${CORE}/${target}`);
    assert.equal([body.middleName, body.jobTitle, body.countryCode], ['King', 'Countess', 'GB']);
    assert.is((await rest('GET', `${PATHS.mailbox}/${target}`)).body.thread_history_depth, 3);
    const contacts = `${PATHS.profiles}/${source}/contacts`;
    const contact = await rest('POST', contacts, { key: 'email', value: 'ada@b.co' });
    assert.is((await rest('GET', `${PATHS.profiles}/${target}/contacts`)).body.length, 1);
    assert.is((await rest('GET', `${contacts}/${contact.body.contactId}`)).status, 200);
    assert.is((await rest('DELETE', `${PATHS.profiles}/${source}`)).status, 204);
    for (const path of Object.values(PATHS))
      for (const id of [source, target]) assert.is((await rest('GET', pathOf(path, id))).status, 404);
    const stored = await Promise.all(
      [source, target].map((id) => context().app.store.get(identities, { tenant: 'every', id })),
    );
    assert.equal(stored, [undefined, undefined]);
  });

  test('lists and counts have the two once, and filters see the fields of both', async () => {
    await tenant('lists');
    const target = await create({ givenName: 'Ada' });
    const source = await create({
      familyName: 'Byron',
      contacts: [{ key: 'CONTACT_KEY_EMAIL', value: 'a@b.co' }],
    });
    const shared = await create({ contacts: [{ key: 'CONTACT_KEY_EMAIL', value: 'A@b.co' }] });
    assert.is((await rest('GET', `${CORE}:lookup?contact=a@b.co`)).status, 400);
    await merge(target, source);
    await merge(target, shared);
    const list = await rest('GET', `${CORE}?filter=given_name=ada AND family_name=byron`);
    assert.equal(
      list.body.identities.map(({ id }: { id: string }) => id),
      [target],
    );
    const profiles = await rest('GET', `${PATHS.profiles}?sort_by=name`);
    assert.equal([profiles.body.length, profiles.headers.get('x-total-count')], [1, '1']);
    assert.is((await rest('GET', `${CORE}:lookup?contact=a@b.co`)).body.id, target);
  });

  test('what the source was found by finds the target', async () => {
    await tenant('found');
    const target = await create({ givenName: 'Ada' });
    const source = await create({ externalId: '42' });
    await merge(target, source);
    assert.is((await rest('GET', `${CORE}:lookup?externalId=42`)).body.id, target);
    const batch = await rest('GET', `${CORE}:batchGet?ids=${source}&ids=${target}`);
    assert.equal(
      batch.body.identities.map(({ id }: { id: string }) => id),
      [target, target],
    );
    assert.is((await rest('POST', CORE, { externalId: '42' })).status, 409);
  });

  test('everything that collides is named, and nothing is changed', async () => {
    await tenant('collide');
    const target = await mailbox('one');
    const source = await mailbox('two');
    await rest('PATCH', `${CORE}/${target}`, { familyName: 'Byron', externalId: '1' });
    await rest('PATCH', `${CORE}/${source}`, { familyName: 'King', externalId: '2' });
    const before = await rest('GET', CORE);
    const { status: code, body } = await merge(target, source);
    assert.is(code, 400);
    assert.match(JSON.stringify(body), 'MERGE_COLLISION');
    for (const field of ['family_name', 'external_id', 'mailbox']) assert.match(JSON.stringify(body), field);
    assert.equal((await rest('GET', CORE)).body, before.body);
  });

  test('asked again it answers the same; an identity does not merge into itself', async () => {
    await tenant('again');
    const target = await create({ givenName: 'Ada' });
    const source = await create({ familyName: 'Byron' });
    const first = await merge(target, source, { etag: '1', sourceEtag: '1' });
    assert.equal((await merge(target, source, { etag: '1', sourceEtag: '1' })).body, first.body);
    assert.equal((await merge(source, target)).body, first.body);
    const itself = await merge(target, target);
    assert.is(itself.status, 400);
    assert.match(JSON.stringify(itself.body), 'source_id');
  });

  test('a chain leads to its end, and ends with it', async () => {
    await tenant('chain');
    const ids = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await create({ tags: [name] }));
    for (let at = 0; at < 3; at++) await merge(ids[at + 1]!, ids[at]!);
    for (const id of ids) {
      const { body } = await rest('GET', `${CORE}/${id}`);
      assert.equal([body.id, body.tags], [ids[3], ['d', 'c', 'b', 'a']]);
    }
    await rest('DELETE', `${CORE}/${ids[0]}`);
    for (const id of ids) assert.is((await rest('GET', `${CORE}/${id}`)).status, 404);
    const { store } = context().app;
    assert.equal(await store.getMany(identities, 'chain', ids), []);
  });

  test('etags of both are held to', async () => {
    await tenant('etags');
    const target = await create({ givenName: 'Ada' });
    const source = await create({ familyName: 'Byron' });
    await rest('PATCH', `${CORE}/${source}`, { jobTitle: 'Analyst' });
    assert.is((await merge(target, source, { etag: '9' })).status, 412);
    assert.is((await merge(target, source, { sourceEtag: '1' })).status, 412);
    assert.is((await merge(target, source, {}, { 'if-match': '"9"' })).status, 412);
    assert.is((await rest('GET', `${CORE}/${source}`)).body.id, source);
    const merged = await merge(target, source, { etag: '1', sourceEtag: '2' });
    // Neither the target's nor the source's etag goes with what both have become.
    assert.equal([merged.status, merged.body.etag], [200, '3']);
  });

  test('an unknown or foreign identity is not found, as target and as source', async () => {
    await tenant('own');
    const own = await create({});
    await tenant('foreign');
    const foreign = await create({});
    for (const other of [own, 'nobody']) {
      assert.is((await merge(foreign, other)).status, 404);
      assert.is((await merge(other, foreign)).status, 404);
    }
    const key = await context().app.key('foreign', 'core');
    const client = grpcClient(IdentityServiceDefinition, context().app.grpc, key);
    await refused(
      client.mergeIdentities({ identityId: foreign, sourceId: own }),
      status.NOT_FOUND,
      'source_id',
    );
    await refused(client.mergeIdentities({ identityId: foreign, sourceId: '' }), status.INVALID_ARGUMENT);
    const made = await client.createIdentity({
      identity: { ...Identity.decode(new Uint8Array()), jobTitle: 'Analyst' },
    });
    const merged = await client.mergeIdentities({ identityId: foreign, sourceId: made.id });
    assert.equal([merged.id, merged.jobTitle], [foreign, 'Analyst']);
    client.close();
  });

  test('a login of the source that is open keeps it; one that has ended comes along', async () => {
    await tenant('login');
    const target = await create({ givenName: 'Ada' });
    const source = await create({ familyName: 'Byron' });
    const sessions = (id: string) => `${CORE}/${id}/linkedinSessions`;
    const open = await rest('POST', sessions(source), { username: '2fa@example.com', password: 'secret' });
    const { status: code, body } = await merge(target, source);
    assert.is(code, 400);
    assert.match(JSON.stringify(body), open.body.id);
    await rest('POST', `${sessions(source)}/${open.body.id}:cancel`, {});
    assert.is((await merge(target, source)).status, 200);
    for (const id of [source, target])
      assert.match((await rest('GET', `${sessions(id)}/${open.body.id}`)).body.state, 'CANCELLED');
    // A login that is begun under the old id is one of the target.
    const begun = await rest('POST', sessions(source), { username: '2fa@example.com', password: 'secret' });
    assert.is(begun.body.identityId, target);
    const again = await rest('POST', sessions(target), { username: '2fa@example.com', password: 'secret' });
    assert.is(again.body.id, begun.body.id);
  });

  test('a create that made the source is answered with the target, and completes neither again', async () => {
    await tenant('create');
    const target = await create({ givenName: 'Ada' });
    const headers = { 'idempotency-key': 'k' };
    const given = { firstName: 'A', lastName: 'B', role: 'R' };
    const made = await rest('POST', PATHS.outreach, given, headers);
    await rest('PATCH', `${CORE}/${target}`, { givenName: 'A' });
    await merge(target, made.body.identity.id);
    const repeated = await rest('POST', PATHS.outreach, given, headers);
    assert.equal([repeated.status, repeated.body.identity.id], [201, target]);
    const old = { 'facet-identity': made.body.identity.id };
    assert.is((await rest('POST', PATHS.outreach, given, old)).status, 409);
    const completed = await rest('POST', PATHS.profiles, { uuid: '9' }, old);
    assert.equal([completed.status, completed.body.profileId], [201, target]);
  });
});
