import { isLoopbackHost } from '../../config/address.js';
import { CONTRACT_NAMES } from '../../domain/identity.js';

const DEVELOPMENT_KEYS = new Set(CONTRACT_NAMES.map((name) => `facet_${name}_dev`));

/**
 * Whether the token is one of the keys that everybody knows, and its call has not left this machine: a gateway that
 * others can reach may stand before a service that only this machine can.
 *
 * @param hops the addresses that the call was forwarded for
 */
export function isDevelopmentKey(token: string, hops: readonly string[]): boolean {
  return DEVELOPMENT_KEYS.has(token) && hops.every(isLoopbackHost);
}
