import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { IdentitiesServiceDefinition } from '../../src/gen/facet/agents/v1/identities.js';
import { Identity, IdentityType, type Property, PropertyType } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';

const identityOf = (fields: Partial<Identity>): Identity => ({
  ...Identity.decode(new Uint8Array()),
  ...fields,
});
const property = (key: string, value: unknown): Property => ({ key, type: PropertyType.JSON, value });

forEachApp('what core has of agents', {}, (test, context) => {
  let identities: ReturnType<typeof grpcClient<typeof IdentityServiceDefinition>>;
  let agents: ReturnType<typeof grpcClient<typeof IdentitiesServiceDefinition>>;
  test.before(async () => {
    const { app } = context();
    const key = await app.key('core-agents', 'core');
    identities = grpcClient(IdentityServiceDefinition, app.grpc, key);
    agents = grpcClient(IdentitiesServiceDefinition, app.grpc, key);
  });
  test.after(() => {
    identities?.close();
    agents?.close();
  });
  const make = (fields: Partial<Identity>) => identities.createIdentity({ identity: identityOf(fields) });
  const retrieve = (id: string) => agents.retrieveIdentity({ identityId: `identity-${id}` });

  test('key, type, project and properties are written and read', async () => {
    const properties = [property('a', { b: [1, null] }), property('a', 'twice')];
    const fields = { identifierKey: 'k1', identityType: IdentityType.OTHER, projectId: 'p', properties };
    const made = await make(fields);
    assert.equal({ ...made, ...fields }, made);
    assert.equal(await identities.getIdentity({ id: made.id }), made);
    const seen = await retrieve(made.id);
    assert.equal([seen.identifierKey, seen.identityType, seen.projectId], ['k1', 'other', 'p']);
    assert.equal(
      seen.properties.map(({ value }) => value),
      [{ b: [1, null] }, 'twice'],
    );
  });

  test('nothing is derived: what agents falls back on is not shown', async () => {
    const made = await make({ givenName: 'Ada' });
    assert.equal(
      [made.identifierKey, made.identityType, made.projectId, made.properties],
      [undefined, IdentityType.UNSPECIFIED, undefined, []],
    );
  });

  test('a mask clears what it names, and without one what is unset stays', async () => {
    const fields = { identifierKey: 'k2', identityType: IdentityType.ORG, properties: [property('a', 1)] };
    const made = await make(fields);
    const kept = await identities.updateIdentity({ identity: identityOf({ id: made.id, projectId: 'q' }) });
    assert.equal({ ...kept, ...fields, projectId: 'q' }, kept);
    const updateMask = ['identifier_key', 'identity_type', 'project_id', 'properties'];
    const { etag, updateTime, ...cleared } = await identities.updateIdentity({
      identity: identityOf({ id: made.id }),
      updateMask,
    });
    const seen = await retrieve(made.id);
    assert.equal([cleared.identifierKey, cleared.identityType, cleared.properties], [undefined, 0, []]);
    assert.equal(
      [seen.identifierKey, seen.identityType, seen.projectId],
      [`identity-${made.id}`, 'user', undefined],
    );
  });

  test('an identity is found by its key in its project, and by the key that it is shown with', async () => {
    const [none, some] = [
      await make({ identifierKey: 'k3' }),
      await make({ identifierKey: 'k3', projectId: 'p' }),
    ];
    assert.is((await identities.lookupIdentity({ identifierKey: 'k3' })).id, none.id);
    assert.is((await identities.lookupIdentity({ identifierKey: 'k3', projectId: 'p' })).id, some.id);
    await refused(identities.lookupIdentity({ identifierKey: 'k3', projectId: 'q' }), status.NOT_FOUND);
    const { id } = await make({ givenName: 'Ada' });
    assert.is((await identities.lookupIdentity({ identifierKey: `identity-${id}` })).id, id);
    await refused(
      identities.lookupIdentity({ externalId: 'k3', projectId: 'p' }),
      status.INVALID_ARGUMENT,
      'project_id',
    );
  });

  test('a key is taken whichever contract gave it, and a derived one is, too', async () => {
    const derived = `identity-${(await make({ givenName: 'Ada' })).id}`;
    for (const identifierKey of ['k4', derived]) {
      if (identifierKey === 'k4') await make({ identifierKey });
      const create = { identifierKey, name: 'N', identityType: 'user' };
      await refused(agents.createIdentity(create), status.ALREADY_EXISTS, 'identifier_key');
      await refused(make({ identifierKey }), status.ALREADY_EXISTS, 'identifier_key');
      const other = await make({});
      await refused(
        identities.updateIdentity({ identity: identityOf({ id: other.id, identifierKey }) }),
        status.ALREADY_EXISTS,
        'identifier_key',
      );
    }
    const upserted = await agents.upsertIdentity({
      identity: {
        ...(await retrieve(derived.slice('identity-'.length))),
        name: 'Countess',
        projectId: undefined,
      },
    });
    assert.equal([upserted.id, upserted.name], [derived, 'Countess']);
    const { identifierKey } = await identities.getIdentity({ id: derived.slice('identity-'.length) });
    assert.is(identifierKey, undefined, 'it is still derived');
  });

  test('a key of 512 characters is kept and found, whatever they are', async () => {
    for (const each of ['x', '\u0001', '"', '\u{1f600}']) {
      const identifierKey = each.repeat(512);
      const { id } = await make({ identifierKey, projectId: each.repeat(255) });
      const found = await identities.lookupIdentity({ identifierKey, projectId: each.repeat(255) });
      assert.is(found.id, id);
      const [listed] = (await agents.listIdentities({ identifierKey })).identities;
      assert.is(listed!.id, `identity-${id}`);
    }
    await refused(
      make({ identifierKey: 'x'.repeat(513) }),
      status.INVALID_ARGUMENT,
      'identity.identifier_key',
    );
    await refused(make({ projectId: 'x'.repeat(256) }), status.INVALID_ARGUMENT, 'identity.project_id');
  });

  test('a property of no type, no value or a list is refused where it stands', async () => {
    const wrong: [Property, string][] = [
      [{ ...property('a', 1), type: PropertyType.UNSPECIFIED }, 'identity.properties[0].type'],
      [property('', 1), 'identity.properties[0].key'],
      [property('a', undefined), 'identity.properties[0].value'],
      [property('a', [1]), 'identity.properties[0].value'],
      [property('a', null), 'identity.properties[0].value'],
    ];
    for (const [each, field] of wrong)
      await refused(make({ properties: [each] }), status.INVALID_ARGUMENT, field);
  });

  test('over gRPC the agents contract changes what its mask names, or what is populated', async () => {
    const agent = 'agent-0d2b1b5e-5f0c-4c5e-9a51-1c5c3f2d6a11';
    const create = { identifierKey: 'k5', name: 'N', identityType: 'user', agentIds: [agent] };
    const { id } = await agents.createIdentity(create);
    const change = {
      agentIds: [],
      blockIds: [],
      properties: [],
      name: 'M',
      identifierKey: undefined,
      identityType: undefined,
    };
    const populated = await agents.modifyIdentity({ identityId: id, identity: change });
    assert.equal([populated.name, populated.agentIds], ['M', [agent]]);
    const masked = await agents.modifyIdentity({
      identityId: id,
      identity: change,
      updateMask: ['agent_ids'],
    });
    assert.equal([masked.name, masked.agentIds], ['M', []]);
    const unknown = agents.modifyIdentity({ identityId: id, identity: change, updateMask: ['project_id'] });
    await refused(unknown, status.INVALID_ARGUMENT, 'update_mask');
    const same = await agents.modifyIdentity({ identityId: id });
    assert.equal(same, masked);
  });
});
