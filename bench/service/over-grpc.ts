import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { grpcClient } from '../../test/support/grpc.js';
import { identityOf } from '../../test/support/identity-message.js';
import { type Contender, inTurn, PAGE, sampleIdentity } from './contender.js';

/** facet.v1 by a grpc-js client. */
export async function overGrpc(address: string, key: string, records: number): Promise<Contender> {
  const client = grpcClient(IdentityServiceDefinition, address, key);
  const make = async () => (await client.createIdentity({ identity: identityOf(sampleIdentity()) })).id;
  const ids: string[] = [];
  while (ids.length < records) ids.push(...(await Promise.all(Array.from({ length: 25 }, make))));
  const next = inTurn(ids);
  let count = 0;
  return {
    name: 'gRPC direct',
    run: {
      create: make,
      get: () => client.getIdentity({ id: next() }),
      list: () => client.listIdentities({ pageSize: PAGE }),
      update: () =>
        client.updateIdentity({
          identity: identityOf({ id: next(), jobTitle: `Analyst ${count++}` }),
          updateMask: ['job_title'],
        }),
    },
    close: async () => client.close(),
  };
}
