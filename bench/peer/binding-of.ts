import type { Binding } from '../../gateway/route/bindings.js';
import type { Contract } from './contract.js';
import type { PeerRequest } from './peer-request.js';

/** The binding that a request leads to, where it leads to one. */
export function bindingOf({ bindings }: Contract, { rpc, method }: PeerRequest): Binding | undefined {
  const ofMethod = bindings.filter((each) => each.rpc.name === rpc);
  return ofMethod.find((each) => each.method === method) ?? ofMethod[0];
}
