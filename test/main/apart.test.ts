import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { restAs } from '../support/rest.js';
import { newFolder, type StartedRole, startRole, stopAll } from '../support/start-role.js';
import { tlsFile } from '../support/tls.js';

const apart = suite('service and gateway apart');

apart.after(stopAll);

const certificate = (name: string) => ({
  FACET_TLS_CERT: tlsFile(`${name}.crt`),
  FACET_TLS_KEY: tlsFile(`${name}.key`),
});
const TRUST = { FACET_TLS_CA: tlsFile('ca.crt') };

/** A gateway before the service; its own certificate makes its REST side speak TLS too, so health is asked inside. */
async function statusThrough(service: StartedRole, settings: Record<string, string>): Promise<number> {
  const gateway = await startRole('gateway', { FACET_GRPC_ADDR: service.grpc!, ...settings });
  const scheme = settings.FACET_TLS_CERT === undefined ? 'http' : 'https';
  const status = await get(`${scheme}://${gateway.rest}/v1/identities`);
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  return status;
}

async function get(url: string): Promise<number> {
  const { get: open } = await import(url.startsWith('https') ? 'node:https' : 'node:http');
  const headers = { authorization: 'Bearer facet_outreach_dev' };
  return new Promise((resolve, reject) => {
    open(url, { headers, rejectUnauthorized: false }, (response: import('node:http').IncomingMessage) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject);
  });
}

apart('over TLS the gateway speaks to a service whose certificate it trusts, and to no other', async () => {
  const service = await startRole('service', certificate('service'));
  assert.is(await statusThrough(service, TRUST), 200);
  assert.is(await statusThrough(service, {}), 503);
  const stranger = await startRole('service', certificate('stranger'));
  assert.is(await statusThrough(stranger, TRUST), 503);
});

apart('over mTLS the service lets in a gateway with a certificate of its CA, and no other', async () => {
  const service = await startRole('service', {
    ...certificate('service'),
    FACET_TLS_CLIENT_CA: tlsFile('ca.crt'),
  });
  assert.is(await statusThrough(service, { ...TRUST, ...certificate('gateway') }), 200);
  assert.is(await statusThrough(service, TRUST), 503);
  assert.is(await statusThrough(service, { ...TRUST, ...certificate('stranger') }), 503);
});

apart(
  'gateways before two services on one store show the same, and go on when one service leaves',
  async () => {
    const FACET_DATA_DIR = newFolder();
    const services = await Promise.all([1, 2].map(() => startRole('service', { FACET_DATA_DIR })));
    const upstream = { FACET_GRPC_ADDR: services.map(({ grpc }) => grpc).join(',') };
    const gateways = await Promise.all([1, 2].map(() => startRole('gateway', upstream)));
    const [one, other] = gateways.map(({ rest }) => restAs(`http://${rest}`, 'facet_outreach_dev'));
    const made = await one!('POST', '/v1/identities', {
      firstName: 'Ada',
      lastName: 'Byron',
      role: 'Analyst',
    });
    const path = `/v1/identities/${made.body.identity.id}`;
    services[0]!.child.kill('SIGTERM');
    for (let i = 0; i < 40; i++) {
      const answers = await Promise.all([one!('GET', path), other!('GET', path)]);
      for (const { status, body } of answers) {
        assert.equal([status, body?.identity], [200, made.body.identity]);
      }
    }
    assert.is(await services[0]!.ended, 0);
  },
);

apart.run();
