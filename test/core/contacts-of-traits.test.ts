import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { ContactServiceDefinition } from '../../src/gen/facet/v1/contact_service.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';

forEachApp('contacts shown from traits', {}, (test, context) => {
  test('the address that a schema marks is a contact that is found, and changed through the traits alone', async () => {
    const { app } = context();
    const traits = { traits: { email: 'Ada@Traits.example' } };
    const admin = { authorization: `Bearer ${await app.key('acme', 'admin')}` };
    const made = await fetch(`${app.rest}/admin/identities`, {
      method: 'POST',
      headers: admin,
      body: JSON.stringify(traits),
    });
    const { id } = (await made.json()) as { id: string };
    const key = await app.key('acme', 'core');
    const contacts = grpcClient(ContactServiceDefinition, app.grpc, key);
    const identities = grpcClient(IdentityServiceDefinition, app.grpc, key);
    const [shown] = (await contacts.listContacts({ identityId: id })).contacts;
    assert.match(shown!.value, /^ada@traits\.example$/i);
    const one = { identityId: id, contactId: shown!.id };
    assert.is((await contacts.getContact(one)).value, shown!.value);
    assert.is((await identities.lookupIdentity({ contact: 'ADA@traits.example' })).id, id);
    assert.is((await identities.lookupIdentity({ credentialIdentifier: 'ADA@traits.example' })).id, id);
    await refused(contacts.deleteContact(one), status.FAILED_PRECONDITION, 'CONTACT_READ_ONLY');
    const contact = { ...shown!, value: 'other@traits.example' };
    await refused(
      contacts.updateContact({ identityId: id, contact }),
      status.FAILED_PRECONDITION,
      'CONTACT_READ_ONLY',
    );
    contacts.close();
    identities.close();
  });
});
