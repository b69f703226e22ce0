import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { Domain, DomainServiceDefinition } from '../../src/gen/facet/v1/domain_service.js';
import { forEachApp } from '../support/for-each-app.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';
import { refused } from '../support/refused.js';
import { restAs } from '../support/rest.js';

const domainOf = (name: string, verified = false): Domain => ({
  ...Domain.decode(new Uint8Array()),
  name,
  verified,
});

forEachApp('facet.v1.DomainService', {}, (test, context) => {
  let domains: GrpcClient<typeof DomainServiceDefinition>;
  let foreign: GrpcClient<typeof DomainServiceDefinition>;
  test.before(async () => {
    const { app } = context();
    domains = grpcClient(DomainServiceDefinition, app.grpc, await app.key('domains', 'core'));
    foreign = grpcClient(DomainServiceDefinition, app.grpc, await app.key('another', 'core'));
  });
  test.after(() => {
    domains?.close();
    foreign?.close();
  });

  test('a domain is added in lower case, got, verified and deleted', async () => {
    const made = await domains.createDomain({ domain: domainOf('Mail.Example') });
    assert.equal([made.name, made.verified, made.createTime], ['mail.example', false, made.updateTime]);
    assert.equal(await domains.getDomain({ domainId: made.id }), made);
    const verified = await domains.verifyDomain({ domainId: made.id });
    assert.is(verified.verified, true);
    assert.equal(await domains.verifyDomain({ domainId: made.id }), verified);
    await domains.deleteDomain({ domainId: made.id });
    await refused(domains.getDomain({ domainId: made.id }), status.NOT_FOUND, 'DOMAIN_NOT_FOUND');
    await refused(domains.deleteDomain({ domainId: made.id }), status.NOT_FOUND);
    await refused(domains.verifyDomain({ domainId: made.id }), status.NOT_FOUND);
  });

  test('a tenant has a name once, another tenant may have it too', async () => {
    const racers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        domains.createDomain({ domain: domainOf(n % 2 ? 'twice.example' : 'TWICE.example') }),
      ),
    );
    assert.is(racers.filter(({ status }) => status === 'fulfilled').length, 1);
    await refused(
      domains.createDomain({ domain: domainOf('twice.example') }),
      status.ALREADY_EXISTS,
      'domain.name',
    );
    await foreign.createDomain({ domain: domainOf('twice.example') });
  });

  for (const name of [
    '',
    'localhost',
    'a b.example',
    '-a.example',
    'a..example',
    '10.0.0.1',
    'exämple.com',
    `${'a.'.repeat(126)}ab`,
  ]) {
    test(`"${name.slice(0, 20)}" is no domain`, async () => {
      await refused(domains.createDomain({ domain: domainOf(name) }), status.INVALID_ARGUMENT, 'domain.name');
    });
  }

  test('domains are listed newest first, in pages', async () => {
    const { app } = context();
    const lister = grpcClient(DomainServiceDefinition, app.grpc, await app.key('lister', 'core'));
    const made: string[] = [];
    for (const name of ['a', 'b', 'c'])
      made.unshift((await lister.createDomain({ domain: domainOf(`${name}.example`) })).id);
    const first = await lister.listDomains({ pageSize: 2 });
    const second = await lister.listDomains({ pageSize: 2, pageToken: first.nextPageToken });
    assert.equal(
      [...first.domains, ...second.domains].map(({ id }) => id),
      made,
    );
    assert.is(second.nextPageToken, '');
    await refused(domains.listDomains({ pageToken: first.nextPageToken }), status.INVALID_ARGUMENT);
    lister.close();
  });

  test('domains of another tenant are not there', async () => {
    const { id } = await domains.createDomain({ domain: domainOf('mine.example') });
    await refused(foreign.getDomain({ domainId: id }), status.NOT_FOUND);
    await refused(foreign.verifyDomain({ domainId: id }), status.NOT_FOUND);
    await refused(foreign.deleteDomain({ domainId: id }), status.NOT_FOUND);
    assert.is((await domains.getDomain({ domainId: id })).verified, false);
  });

  test('a domain with a mailbox in it stays until the mailbox is gone', async () => {
    const { app } = context();
    const mailbox = restAs(app.rest, await app.key('domains', 'mailbox'));
    const { id } = await domains.createDomain({ domain: domainOf('used.example', true) });
    const box = { domain_id: id, local_part: 'a', display_name: 'A' };
    const made = (await mailbox('POST', '/v1/identities', box)).body;
    await refused(domains.deleteDomain({ domainId: id }), status.FAILED_PRECONDITION, 'DOMAIN_IN_USE');
    await mailbox('DELETE', `/v1/identities/${made.id}`);
    await domains.deleteDomain({ domainId: id });
  });

  test('adding, verifying and deleting need the scope admin', async () => {
    const { app } = context();
    const key = await app.key('domains', 'core', 'read', 'write');
    const writer = grpcClient(DomainServiceDefinition, app.grpc, key);
    await refused(writer.createDomain({ domain: domainOf('x.example') }), status.PERMISSION_DENIED);
    await writer.listDomains({});
    writer.close();
  });
});
