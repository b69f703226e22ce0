import { FacetError } from '../domain/errors.js';
import { ClaimTakenError, StoreFullError, StoreUnavailableError } from '../storage/errors.js';
import { ContentionError } from '../storage/mutate.js';

const STORE_RETRY_MS = 1000;
const CONTENTION_RETRY_MS = 100;

/**
 * What a caller is told about anything that was thrown. Errors that are not ours become INTERNAL, without
 * their text; the original is the cause.
 *
 * @param endedBy why the call had ended before, if it had
 */
export function toFacetError(error: unknown, endedBy: FacetError | undefined): FacetError {
  if (error instanceof FacetError) return error;
  // What fails after the call has ended fails because of that.
  if (endedBy !== undefined) return endedBy;
  if (error instanceof StoreUnavailableError) {
    return new FacetError('STORE_UNAVAILABLE', { retryAfterMs: STORE_RETRY_MS, cause: error });
  }
  if (error instanceof StoreFullError) return new FacetError('STORE_FULL', { cause: error });
  if (error instanceof ClaimTakenError) return new FacetError('ALREADY_EXISTS', { cause: error });
  if (error instanceof ContentionError) {
    return new FacetError('CONTENTION', { retryAfterMs: CONTENTION_RETRY_MS, cause: error });
  }
  return new FacetError('INTERNAL', { cause: error });
}
