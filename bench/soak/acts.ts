import { Identity } from '../../src/gen/facet/v1/identity.js';
import { IdentityServiceDefinition } from '../../src/gen/facet/v1/identity_service.js';
import { grpcClient } from '../../test/support/grpc.js';
import type { StartedRole } from '../../test/support/start-role.js';
import { restCalls } from '../rest-calls.js';
import { CONTRACTS, type Contract } from './contracts.js';

/** What is done with the identities of one contract. `n` is another number each time. */
export interface Acts {
  make(n: string): Promise<string>;
  get(id: string): Promise<unknown>;
  change(id: string, n: string): Promise<unknown>;
  list(): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

/** Of each contract, so that what is open does not hang on how fast the machine is. */
const CONNECTIONS = 8;

/** The acts of all contracts, under the development keys, and how to let go of their connections. */
export function actsOn({ grpc, rest }: StartedRole): { readonly all: readonly Acts[]; close(): void } {
  const overRest = CONTRACTS.map((contract) => restActs(rest!, contract));
  const core = coreActs(grpc!);
  return {
    all: [core.acts, ...overRest.map(({ acts }) => acts)],
    close() {
      core.close();
      for (const each of overRest) each.close();
    },
  };
}

function restActs(address: string, { name, path, made, changed, page }: Contract) {
  const { call, close } = restCalls(address, `facet_${name}_dev`, path, CONNECTIONS);
  const acts: Acts = {
    // Each contract has a word of its own for it, some within another object.
    make: async (n) =>
      /"(?:id|identity_id|profileId)":"([^"]+)"/.exec(JSON.stringify(await call('POST', '', made(n))))![1]!,
    get: (id) => call('GET', `/${id}`),
    change(id, n) {
      const [method, body] = changed(n);
      return call(method, `/${id}`, body);
    },
    list: () => call('GET', page),
    remove: (id) => call('DELETE', `/${id}`),
  };
  return { acts, close };
}

function coreActs(address: string) {
  const client = grpcClient(IdentityServiceDefinition, address, 'facet_core_dev');
  const blank = Identity.decode(new Uint8Array());
  const acts: Acts = {
    async make(n) {
      const identity = { ...blank, givenName: 'Ada', externalId: `crm-${n}`, tags: ['soak'] };
      return (await client.createIdentity({ identity, requestId: n })).id;
    },
    get: (id) => client.getIdentity({ id }),
    change: (id, n) =>
      client.updateIdentity({ identity: { ...blank, id, jobTitle: n }, updateMask: ['job_title'] }),
    list: () => client.listIdentities({ pageSize: 20 }),
    remove: (id) => client.deleteIdentity({ id }),
  };
  return { acts, close: () => client.close() };
}
