import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { type Identity, IdentityState } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';
import { identityOf } from '../support/identity-message.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';

type Identities = ReturnType<typeof grpcClient<typeof IdentityServiceDefinition>>;

forEachApp('facet.v1.IdentityService', {}, (test, context) => {
  let identities: Identities;
  let foreign: Identities;
  test.before(async () => {
    const { app } = context();
    identities = grpcClient(IdentityServiceDefinition, app.grpc, await app.key('core-tenant', 'core'));
    foreign = grpcClient(IdentityServiceDefinition, app.grpc, await app.key('another', 'core'));
  });
  test.after(() => {
    identities?.close();
    foreign?.close();
  });
  const make = (fields: Partial<Identity>) => identities.createIdentity({ identity: identityOf(fields) });

  test('create answers the resource with id, etag, times and an active state', async () => {
    const made = await make({ givenName: 'Ada', familyName: 'Byron', countryCode: 'gb', tags: ['a', 'b'] });
    assert.equal([made.givenName, made.countryCode, made.tags], ['Ada', 'GB', ['a', 'b']]);
    assert.equal([made.state, made.etag], [IdentityState.ACTIVE, '1']);
    assert.equal(made.createTime, made.updateTime);
    assert.equal(await identities.getIdentity({ id: made.id }), made);
  });

  test('fields that the service assigns are ignored in a create', async () => {
    const made = await make({ id: 'mine', etag: '9', givenName: 'X', createTime: new Date(0) });
    assert.not.equal(made.id, 'mine');
    assert.equal([made.etag, made.createTime!.getTime() > 0], ['1', true]);
  });

  test('an update changes the fields of its mask and clears those that are unset', async () => {
    const made = await make({ givenName: 'Ada', familyName: 'Byron', jobTitle: 'Analyst' });
    const identity = identityOf({ id: made.id, givenName: 'Augusta', jobTitle: 'ignored' });
    const after = await identities.updateIdentity({ identity, updateMask: ['given_name', 'family_name'] });
    assert.equal([after.givenName, after.familyName, after.jobTitle], ['Augusta', undefined, 'Analyst']);
    assert.is(after.etag, '2');
  });

  test('an update without a mask changes what is populated; an empty mask changes nothing', async () => {
    const made = await make({ givenName: 'Ada', familyName: 'Byron' });
    const after = await identities.updateIdentity({
      identity: identityOf({ id: made.id, familyName: 'King' }),
    });
    assert.equal([after.givenName, after.familyName], ['Ada', 'King']);
    const same = await identities.updateIdentity({
      identity: identityOf({ id: made.id, familyName: 'No' }),
      updateMask: [],
    });
    assert.equal(same, after);
  });

  test('a mask with an unknown path is refused, naming the mask', async () => {
    const made = await make({ givenName: 'Ada' });
    const identity = identityOf({ id: made.id });
    for (const path of ['nope', '__proto__', 'givenName', 'given_name.x', '.given_name']) {
      await refused(
        identities.updateIdentity({ identity, updateMask: ['given_name', path] }),
        status.INVALID_ARGUMENT,
        'update_mask',
      );
    }
    await refused(
      identities.updateIdentity({ identity, updateMask: ['*', 'nope'] }),
      status.INVALID_ARGUMENT,
      'update_mask',
    );
    const assigned = ['id', 'etag', 'linkedin.status', 'create_time'];
    assert.equal(await identities.updateIdentity({ identity, updateMask: assigned }), made);
  });

  test('an etag that no longer holds refuses update and delete', async () => {
    const made = await make({ givenName: 'Ada' });
    await identities.updateIdentity({ identity: { ...made, givenName: 'B' }, updateMask: ['given_name'] });
    await refused(
      identities.updateIdentity({ identity: { ...made, givenName: 'C' }, updateMask: ['given_name'] }),
      status.ABORTED,
      'ETAG_MISMATCH',
    );
    await refused(identities.deleteIdentity({ id: made.id, etag: '1' }), status.ABORTED, 'ETAG_MISMATCH');
    await refused(identities.deleteIdentity({ id: made.id, etag: '*' }), status.ABORTED, 'ETAG_MISMATCH');
    await identities.deleteIdentity({ id: made.id, etag: '2' });
    await refused(identities.getIdentity({ id: made.id }), status.NOT_FOUND);
  });

  test('an external id is one identity’s: taken is ALREADY_EXISTS, free again after a change or delete', async () => {
    const first = await make({ externalId: 'crm-1' });
    await refused(make({ externalId: 'crm-1' }), status.ALREADY_EXISTS, 'external_id');
    const second = await make({ externalId: 'crm-2' });
    const renamed = identities.updateIdentity({
      identity: { ...second, etag: '', externalId: 'crm-1' },
      updateMask: ['external_id'],
    });
    await refused(renamed, status.ALREADY_EXISTS);
    await identities.updateIdentity({
      identity: { ...first, etag: '', externalId: 'crm-3' },
      updateMask: ['external_id'],
    });
    assert.is((await make({ externalId: 'crm-1' })).externalId, 'crm-1');
    await identities.deleteIdentity({ id: second.id });
    assert.is((await make({ externalId: 'crm-2' })).externalId, 'crm-2');
    assert.is(
      (await foreign.createIdentity({ identity: identityOf({ externalId: 'crm-1' }) })).externalId,
      'crm-1',
    );
  });

  test('50 racers for one external id: one wins, 49 are ALREADY_EXISTS', async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => make({ externalId: 'raced' })));
    const lost = results.filter((result) => result.status === 'rejected').map((result) => result.reason.code);
    assert.equal([results.length - lost.length, [...new Set(lost)]], [1, [status.ALREADY_EXISTS]]);
  });

  test('a request_id repeated answers the first identity, with another request it is refused', async () => {
    const identity = identityOf({ givenName: 'Once' });
    const racers = await Promise.all(
      Array.from({ length: 20 }, () => identities.createIdentity({ identity, requestId: 'r-1' })),
    );
    assert.is(new Set(racers.map(({ id }) => id)).size, 1);
    const other = identities.createIdentity({
      identity: identityOf({ givenName: 'Twice' }),
      requestId: 'r-1',
    });
    await refused(other, status.INVALID_ARGUMENT, 'IDEMPOTENCY_KEY_REUSED');
  });

  test('lookup finds by external id, and answers NOT_FOUND for identifiers whose services do not exist yet', async () => {
    const made = await make({ externalId: 'look-me-up' });
    assert.is((await identities.lookupIdentity({ externalId: 'look-me-up' })).id, made.id);
    await refused(foreign.lookupIdentity({ externalId: 'look-me-up' }), status.NOT_FOUND);
    for (const key of ['identifierKey', 'credentialIdentifier']) {
      await refused(identities.lookupIdentity({ [key]: 'look-me-up' }), status.NOT_FOUND);
    }
    await refused(identities.lookupIdentity({}), status.INVALID_ARGUMENT);
  });

  test('batch get keeps the order and names what is missing', async () => {
    const [one, two] = [await make({ givenName: '1' }), await make({ givenName: '2' })];
    const got = await identities.batchGetIdentities({ ids: [two.id, one.id, two.id] });
    assert.equal(
      got.identities.map(({ id }) => id),
      [two.id, one.id, two.id],
    );
    await refused(identities.batchGetIdentities({ ids: [one.id, 'nope'] }), status.NOT_FOUND, 'ids[1]');
    await refused(identities.batchGetIdentities({ ids: [] }), status.INVALID_ARGUMENT, 'ids');
  });

  test('lists are filtered, ordered and paged; a token is good for its own list only', async () => {
    const names = ['Curie', 'adams', 'Byron', 'adams'];
    for (const familyName of names) await make({ familyName, jobTitle: 'listed' });
    const filter = 'job_title = "LISTED"';
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await identities.listIdentities({
        filter,
        orderBy: 'family_name',
        pageSize: 1,
        pageToken,
      });
      seen.push(...page.identities.map(({ familyName }) => familyName!));
      pageToken = page.nextPageToken;
      if (seen.length === 2) {
        const other = identities.listIdentities({
          filter,
          orderBy: 'family_name desc',
          pageSize: 1,
          pageToken,
        });
        await refused(other, status.INVALID_ARGUMENT, 'page_token');
        await refused(
          foreign.listIdentities({ filter, orderBy: 'family_name', pageToken }),
          status.INVALID_ARGUMENT,
          'page_token',
        );
      }
    } while (pageToken !== '');
    assert.equal(seen, ['adams', 'adams', 'Byron', 'Curie']);
    assert.is((await foreign.listIdentities({ filter })).identities.length, 0);
  });

  test('any flipped bit of a page token is refused', async () => {
    for (let n = 0; n < 2; n++) await make({ jobTitle: 'flipped' });
    const filter = 'job_title = flipped';
    const { nextPageToken } = await identities.listIdentities({ filter, pageSize: 1 });
    const bytes = Buffer.from(nextPageToken);
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      if (flipped[bit >> 3]! > 126 || flipped[bit >> 3]! < 33) continue;
      await refused(
        identities.listIdentities({ filter, pageSize: 1, pageToken: flipped.toString() }),
        status.INVALID_ARGUMENT,
      );
    }
  });

  test('REST under /api/core says field by field what gRPC says', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('core-tenant', 'outreach'));
    const made = await make({ givenName: 'Ada', tags: ['x'], externalId: 'rest-1' });
    const { body } = await rest('GET', `/api/core/v1/identities/${made.id}`);
    assert.equal(
      [body.id, body.givenName, body.tags, body.state, body.etag, body.createTime],
      [made.id, 'Ada', ['x'], 'IDENTITY_STATE_ACTIVE', '1', made.createTime!.toISOString()],
    );
    const patched = await rest('PATCH', `/api/core/v1/identities/${made.id}`, { givenName: 'B', tags: [] });
    assert.equal([patched.status, patched.body.givenName, patched.body.tags], [200, 'B', []]);
    const gone = await rest('GET', `/api/core/v1/identities:lookup?external_id=nope`);
    assert.equal([gone.status, gone.body.code], [404, 5]);
    assert.is((await rest('GET', '/api/core/v1/identities:lookup?external_id=rest-1')).body.id, made.id);
    const stale = await rest('PATCH', `/api/core/v1/identities/${made.id}`, { givenName: 'C', etag: '1' });
    assert.is(stale.status, 412);
  });

  test('an If-Match and an etag of the message must both hold', async () => {
    const { app } = context();
    const rest = restAs(app.rest, await app.key('core-tenant', 'core'));
    const path = `/v1/identities/${(await make({ givenName: 'Ada' })).id}`;
    const patch = (etag: string, ifMatch: string) =>
      rest('PATCH', path, { jobTitle: `${etag}${ifMatch}`, etag }, { 'if-match': ifMatch });
    assert.is((await patch('1', '"7"')).status, 412);
    assert.is((await patch('7', '"1"')).status, 412);
    assert.is((await patch('7', '*')).status, 412);
    assert.is((await patch('1', '"7", "1"')).status, 200);
    assert.is((await rest('DELETE', `${path}?etag=2`, undefined, { 'if-match': '"1"' })).status, 412);
    assert.is((await rest('DELETE', `${path}?etag=2`, undefined, { 'if-match': '*' })).status, 200);
  });
});
