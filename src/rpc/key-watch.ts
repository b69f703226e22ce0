import { FacetError } from '../domain/errors.js';
import type { Principal } from './call.js';
import type { Release } from './in-flight.js';
import type { Life } from './life.js';

/** Short beside the second within which a revocation holds everywhere. */
const LOOK_EVERY_MS = 250;

/**
 * Ends a call with UNAUTHENTICATED once its key is no longer good: a stream may outlast it by far.
 *
 * @param look who holds the key now. Where it throws, nobody knows, and the call goes on.
 */
export function watchKey(look: () => Promise<Principal | undefined>, life: Life): Release {
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    try {
      if ((await look()) === undefined) life.end(new FacetError('UNAUTHENTICATED'));
    } catch {
      // The store is away: the next look tells.
    } finally {
      looking = false;
    }
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
