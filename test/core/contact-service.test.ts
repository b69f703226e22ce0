import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { Contact, ContactKey } from '../../src/gen/facet/v1/contact.js';
import { ContactServiceDefinition } from '../../src/gen/facet/v1/contact_service.js';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';

const contactOf = (fields: Partial<Contact>): Contact => ({ ...Contact.decode(new Uint8Array()), ...fields });
const email = (value: string, externalId?: string) =>
  contactOf({ key: ContactKey.EMAIL, value, ...(externalId !== undefined && { externalId }) });
const phone = (value: string) => contactOf({ key: ContactKey.PHONE, value });

forEachApp('facet.v1.ContactService', {}, (test, context) => {
  let identities: GrpcClient<typeof IdentityServiceDefinition>;
  let contacts: GrpcClient<typeof ContactServiceDefinition>;
  let foreign: GrpcClient<typeof ContactServiceDefinition>;
  test.before(async () => {
    const { app } = context();
    const key = await app.key('contacts', 'core');
    identities = grpcClient(IdentityServiceDefinition, app.grpc, key);
    contacts = grpcClient(ContactServiceDefinition, app.grpc, key);
    foreign = grpcClient(ContactServiceDefinition, app.grpc, await app.key('another', 'core'));
  });
  test.after(() => {
    for (const client of [identities, contacts, foreign]) client?.close();
  });
  const make = (...list: Contact[]) =>
    identities.createIdentity({ identity: { ...Identity.decode(new Uint8Array()), contacts: list } });

  test('an identity is made with its contacts, each with an id and times', async () => {
    const made = await make(email('Ada@Example.com', 'x-1'), phone('+441234567'));
    assert.equal(
      made.contacts.map(({ key, value, externalId }) => [key, value, externalId]),
      [
        [ContactKey.EMAIL, 'Ada@Example.com', 'x-1'],
        [ContactKey.PHONE, '+441234567', undefined],
      ],
    );
    assert.is(new Set([made.id, ...made.contacts.map(({ id }) => id)]).size, 3);
    assert.equal(made.contacts[0]!.createTime, made.createTime);
    assert.equal(
      await contacts.getContact({ identityId: made.id, contactId: made.contacts[1]!.id }),
      made.contacts[1],
    );
    assert.equal((await contacts.listContacts({ identityId: made.id })).contacts, made.contacts);
  });

  test('one bad contact refuses the whole create, and each is named', async () => {
    const before = (await identities.listIdentities({})).identities.length;
    const bad = make(email('good@example.com'), email('not an address'), phone('+12'));
    await refused(bad, status.INVALID_ARGUMENT, 'identity.contacts[1].value');
    await refused(make(phone('12345678')), status.INVALID_ARGUMENT, 'identity.contacts[0].value');
    await refused(make(contactOf({ value: 'a@b.co' })), status.INVALID_ARGUMENT, 'identity.contacts[0].key');
    await refused(make(email('a@b.co', 'same'), email('c@d.co', 'same')), status.ALREADY_EXISTS);
    assert.is((await identities.listIdentities({})).identities.length, before);
  });

  test('a write of a contact is a write of its identity', async () => {
    const made = await make();
    const contact = await contacts.createContact({ identityId: made.id, contact: email('a@b.co') });
    const added = await identities.getIdentity({ id: made.id });
    assert.equal([added.etag, added.contacts], ['2', [contact]]);
    const moved = await contacts.updateContact({
      identityId: made.id,
      contact: contactOf({ id: contact.id, value: 'c@d.co' }),
    });
    assert.equal([moved.value, moved.key, moved.id], ['c@d.co', ContactKey.EMAIL, contact.id]);
    const after = await identities.getIdentity({ id: made.id });
    assert.equal([after.etag, after.updateTime], ['3', moved.updateTime]);
    await contacts.deleteContact({ identityId: made.id, contactId: contact.id });
    assert.equal((await identities.getIdentity({ id: made.id })).contacts, []);
    await refused(
      contacts.deleteContact({ identityId: made.id, contactId: contact.id }),
      status.NOT_FOUND,
      'CONTACT_NOT_FOUND',
    );
  });

  test('an update keeps what its mask leaves out, and key and value must fit each other after it', async () => {
    const made = await make(email('a@b.co', 'x-2'));
    const [{ id }] = made.contacts as [Contact];
    const update = (contact: Partial<Contact>, updateMask?: string[]) =>
      contacts.updateContact({ identityId: made.id, contact: contactOf({ id, ...contact }), updateMask });
    await refused(update({ key: ContactKey.PHONE }), status.INVALID_ARGUMENT, 'contact.value');
    await refused(update({}, ['nope']), status.INVALID_ARGUMENT, 'update_mask');
    await refused(update({}, ['key']), status.INVALID_ARGUMENT, 'contact.key');
    const both = await update({ key: ContactKey.PHONE, value: '+4912345678' });
    assert.equal([both.key, both.value, both.externalId], [ContactKey.PHONE, '+4912345678', 'x-2']);
    assert.is((await update({}, ['external_id'])).externalId, undefined);
    await refused(
      identities.updateIdentity({ identity: made, updateMask: ['contacts'] }),
      status.INVALID_ARGUMENT,
      'update_mask',
    );
  });

  test('an external id is one contact’s of the tenant, and an identity may have the same', async () => {
    const made = await make(email('a@b.co', 'held'));
    await refused(make(phone('+12345678'), email('b@b.co', 'held')), status.ALREADY_EXISTS, 'external_id');
    const other = await make(email('b@b.co', 'held-2'));
    const taken = contacts.updateContact({
      identityId: other.id,
      contact: contactOf({ id: other.contacts[0]!.id, externalId: 'held' }),
    });
    await refused(taken, status.ALREADY_EXISTS);
    await contacts.deleteContact({ identityId: made.id, contactId: made.contacts[0]!.id });
    assert.is((await make(email('b@b.co', 'held'))).contacts[0]!.externalId, 'held');
  });

  test('50 contacts added at once are all kept, and the 101st is refused', async () => {
    const made = await make();
    const add = (n: number) =>
      contacts.createContact({ identityId: made.id, contact: email(`n${n}@example.com`) });
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(n)));
    assert.is((await contacts.listContacts({ identityId: made.id })).contacts.length, 50);
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(50 + n)));
    await refused(add(100), status.INVALID_ARGUMENT, 'contact_limit');
    assert.is((await contacts.listContacts({ identityId: made.id })).contacts.length, 100);
    await refused(
      make(...Array.from({ length: 101 }, (_, n) => email(`n${n}@example.com`))),
      status.INVALID_ARGUMENT,
      'contact_limit',
    );
  });

  test('lookup finds the one identity of a contact in any case, and says where there are several', async () => {
    const made = await make(email('Look.Me@Up.example'), phone('+1234567890'));
    for (const contact of ['look.me@up.EXAMPLE', '+1234567890']) {
      assert.is((await identities.lookupIdentity({ contact })).id, made.id);
    }
    const twin = await make(phone('+1234567890'));
    await refused(
      identities.lookupIdentity({ contact: '+1234567890' }),
      status.FAILED_PRECONDITION,
      'AMBIGUOUS_CONTACT',
    );
    await identities.deleteIdentity({ id: twin.id });
    assert.is((await identities.lookupIdentity({ contact: '+1234567890' })).id, made.id);
    await refused(identities.lookupIdentity({ contact: 'nobody@up.example' }), status.NOT_FOUND);
    const { app } = context();
    const elsewhere = grpcClient(IdentityServiceDefinition, app.grpc, await app.key('another', 'core'));
    await refused(elsewhere.lookupIdentity({ contact: '+1234567890' }), status.NOT_FOUND);
    elsewhere.close();
  });

  test('contacts of another tenant and of another identity are not there', async () => {
    const [made, other] = [await make(email('a@b.co')), await make()];
    const [{ id }] = made.contacts as [Contact];
    for (const [client, identityId] of [
      [foreign, made.id],
      [contacts, other.id],
    ] as const) {
      const contact = contactOf({ id, value: 'eve@b.co' });
      await refused(client.getContact({ identityId, contactId: id }), status.NOT_FOUND);
      await refused(client.updateContact({ identityId, contact }), status.NOT_FOUND);
      await refused(client.deleteContact({ identityId, contactId: id }), status.NOT_FOUND);
    }
    await refused(foreign.listContacts({ identityId: made.id }), status.NOT_FOUND);
    await refused(foreign.createContact({ identityId: made.id, contact: email('e@b.co') }), status.NOT_FOUND);
    assert.equal((await identities.getIdentity({ id: made.id })).contacts, made.contacts);
  });

  test('REST under /api/core has the same methods', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('contacts', 'core'));
    const made = await make();
    const path = `/v1/identities/${made.id}/contacts`;
    const added = await rest('POST', path, { key: 'CONTACT_KEY_EMAIL', value: 'a@b.co' });
    assert.equal(
      [added.status, added.body.key, added.headers.get('etag')],
      [200, 'CONTACT_KEY_EMAIL', '"2"'],
    );
    const patched = await rest('PATCH', `${path}/${added.body.id}`, { value: 'c@d.co' });
    assert.equal([patched.status, patched.body.value], [200, 'c@d.co']);
    const stale = await rest('DELETE', `${path}/${added.body.id}`, undefined, { 'if-match': '"2"' });
    assert.is(stale.status, 412);
    assert.equal((await rest('GET', path)).body.contacts, [patched.body]);
    assert.is((await rest('DELETE', `${path}/${added.body.id}`)).status, 200);
  });
});
