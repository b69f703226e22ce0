import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { IdentitiesServiceDefinition } from '../../src/gen/facet/mailbox/v1/identities.js';
import { ProfilesServiceDefinition } from '../../src/gen/facet/profiles/v1/profiles.js';
import { IdentityState } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';

/** REST makes every mask from the body; callers of gRPC write their own, or none. */
forEachApp('updates over gRPC', {}, (test, context) => {
  async function aProfile() {
    const { app } = context();
    const profiles = grpcClient(ProfilesServiceDefinition, app.grpc, await app.key('acme', 'profiles'));
    const { profileId } = await profiles.createProfile({ firstName: 'Ada', lastName: 'Byron' });
    return { profiles, profileId };
  }

  async function aMailbox() {
    const { app } = context();
    const core = restAs(app.rest, await app.key('acme', 'core'));
    const name = `d${Math.random().toString(36).slice(2)}.example`;
    const domain = await core('POST', '/api/core/v1/domains', { name, verified: true });
    const mailbox = grpcClient(IdentitiesServiceDefinition, app.grpc, await app.key('acme', 'mailbox'));
    const made = await mailbox.createIdentity({
      domainId: domain.body.id,
      localPart: 'support',
      displayName: 'Support',
      signatureText: 'Yours',
    });
    return { mailbox, identityId: made.id };
  }

  test('profiles: without a mask, the fields that are set are changed, and no other', async () => {
    const { profiles, profileId } = await aProfile();
    const changed = await profiles.updateProfile({ profileId, profile: { lastName: 'Lovelace' } });
    assert.equal([changed.firstName, changed.lastName], ['Ada', 'Lovelace']);
    profiles.close();
  });

  test('profiles: a mask that names what is unset clears it, where it may be null', async () => {
    const { profiles, profileId } = await aProfile();
    const changed = await profiles.updateProfile({ profileId, profile: {}, updateMask: ['last_name'] });
    assert.equal([changed.firstName, changed.lastName], ['Ada', undefined]);
    const enabled = profiles.updateProfile({ profileId, profile: {}, updateMask: ['enabled'] });
    await refused(enabled, status.INVALID_ARGUMENT, 'profile.enabled');
    profiles.close();
  });

  test('mailbox: the same without a mask', async () => {
    const { mailbox, identityId } = await aMailbox();
    const changed = await mailbox.updateIdentity({ identityId, identity: { threadHistoryDepth: 3 } });
    assert.equal(
      [changed.threadHistoryDepth, changed.displayName, changed.signatureText],
      [3, 'Support', 'Yours'],
    );
    mailbox.close();
  });

  test('mailbox: and with a mask', async () => {
    const { mailbox, identityId } = await aMailbox();
    const update = (path: string) => mailbox.updateIdentity({ identityId, identity: {}, updateMask: [path] });
    assert.is((await update('signature_text')).signatureText, undefined);
    for (const path of ['display_name', 'thread_history_depth', 'status'])
      await refused(update(path), status.INVALID_ARGUMENT, `identity.${path}`);
    mailbox.close();
  });

  test('core: a mask that names a state which is unset is refused', async () => {
    const { app } = context();
    const core = grpcClient(IdentityServiceDefinition, app.grpc, await app.key('acme', 'core'));
    const { id } = await core.createIdentity({ identity: identityOf({ givenName: 'Ada' }) });
    const update = core.updateIdentity({ identity: identityOf({ id }), updateMask: ['state'] });
    await refused(update, status.INVALID_ARGUMENT, 'identity.state');
    assert.is((await core.getIdentity({ id })).state, IdentityState.ACTIVE);
    core.close();
  });

  test('core: a header Idempotency-Key has at most 255 characters', async () => {
    const { app } = context();
    const key = await app.key('acme', 'core');
    const create = async (length: number) => {
      const core = grpcClient(IdentityServiceDefinition, app.grpc, key, {
        'idempotency-key': 'k'.repeat(length),
      });
      return core.createIdentity({ identity: identityOf({ givenName: 'Ada' }) }).finally(() => core.close());
    };
    assert.is((await create(255)).id, (await create(255)).id);
    await refused(create(256), status.INVALID_ARGUMENT, 'Idempotency-Key');
  });
});
