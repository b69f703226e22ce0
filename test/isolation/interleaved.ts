import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import type { AppContext } from '../support/for-each-app.js';
import { grpcClient } from '../support/grpc.js';

const TENANTS = 4;
const CLIENTS = 40;

/** Creates, reads, lists and changes, all at once; each answer must carry the tag of its own tenant. */
export function interleaved(test: Test, context: () => AppContext, operations: number): void {
  test(`${operations} calls of ${CLIENTS} clients of ${TENANTS} tenants never see another's`, async () => {
    const { app } = context();
    let done = 0;
    const client = async (number: number) => {
      const tenant = `tenant-${number % TENANTS}`;
      const identities = grpcClient(IdentityServiceDefinition, app.grpc, await app.key(tenant, 'core'));
      const check = (...seen: Identity[]) => {
        for (const { givenName } of seen) assert.is(givenName, tenant);
      };
      let last = '';
      for (; done < operations; done++) {
        const identity = {
          ...Identity.decode(new Uint8Array()),
          givenName: tenant,
          externalId: `${number}-${done}`,
        };
        if (last === '' || done % 4 === 0) {
          const made = await identities.createIdentity({ identity });
          check(made);
          last = made.id;
        } else if (done % 4 === 1) check(await identities.getIdentity({ id: last }));
        else if (done % 4 === 2) check(...(await identities.listIdentities({ pageSize: 5 })).identities);
        else
          check(
            await identities.updateIdentity({
              identity: { ...identity, id: last },
              updateMask: ['external_id'],
            }),
          );
      }
      identities.close();
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    assert.ok(done >= operations);
  });
}
