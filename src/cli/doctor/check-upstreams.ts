import { once } from 'node:events';
import { connect } from 'node:net';
import { type Address, formatAddress } from '../../config/address.js';
import { type Finding, failure, ok } from './finding.js';

const CONNECT_MS = 2000;

/** Whether the services that a gateway dials take connections; what they can do is told by its /readyz. */
export function checkUpstreams(addresses: readonly Address[]): Promise<Finding[]> {
  return Promise.all(addresses.map(checkUpstream));
}

async function checkUpstream(address: Address): Promise<Finding> {
  const name = formatAddress(address);
  const socket = connect(address.port, address.host);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    return ok('upstream', `${name} takes connections`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'no answer';
    return failure(
      'upstream',
      `${name} cannot be reached: ${reason}`,
      'start the service there, or correct FACET_GRPC_ADDR',
    );
  } finally {
    socket.destroy();
  }
}
