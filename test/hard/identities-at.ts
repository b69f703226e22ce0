import type { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { type GrpcClient, grpcClient } from '../support/grpc.js';

export type Identities = GrpcClient<typeof IdentityServiceDefinition>;

export function identitiesAt(address: string, key: string): Identities {
  return grpcClient(IdentityServiceDefinition, address, key);
}

/** All identities of the tenant, by id. */
export async function listAll(client: Identities): Promise<Map<string, Identity>> {
  const all = new Map<string, Identity>();
  for (let pageToken = ''; ; ) {
    const page = await client.listIdentities({ pageSize: 1000, pageToken, orderBy: 'create_time' });
    for (const identity of page.identities) all.set(identity.id, identity);
    pageToken = page.nextPageToken;
    if (pageToken === '') return all;
  }
}
