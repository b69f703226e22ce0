import { MongoError, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import { StoreFullError, StoreUnavailableError } from '../errors.js';

/** A unique index refused the write. */
const DUPLICATE_KEY = 11000;
/** Two writes got in each other's way and one was undone; the second number is DocumentDB's on PostgreSQL. */
const CONFLICTS: ReadonlySet<unknown> = new Set([112, 16908292]);
const OUT_OF_DISK_SPACE = 14031;

/**
 * Answers of a server that cannot serve now: not primary, shutting down, stepping down, timed out, too busy,
 * majority not reached, credentials refused. 1 is what FerretDB says without its PostgreSQL.
 * Source: mongo/src/mongo/base/error_codes.yml.
 */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([
  1, 6, 7, 13, 18, 24, 50, 63, 64, 79, 89, 91, 100, 133, 134, 189, 202, 262, 317, 358, 384, 402, 9001, 10058,
  10107, 11600, 11602, 13388, 13435, 13436,
]);

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Whether the write was undone by another and may be sent again at once. */
export function isConflict(error: unknown): boolean {
  return (
    error instanceof MongoServerError &&
    (CONFLICTS.has(error.code) || /deadlock detected/.test(error.message))
  );
}

/** Maps what the driver throws to the errors of the port; a mistake of ours stays as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof MongoServerError) {
    if (error.code === OUT_OF_DISK_SPACE || /no space left on device/i.test(error.message)) {
      return new StoreFullError('the database has no room left', { cause: error });
    }
    const transient =
      error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError');
    return transient || isConflict(error) || UNAVAILABLE.has(error.code) ? unavailable(error) : error;
  }
  if (error instanceof MongoError)
    return error instanceof MongoInvalidArgumentError ? error : unavailable(error);
  return error instanceof Error && isOfSocket(error) ? unavailable(error) : error;
}

/**
 * After a crash of the server the driver lets bare socket errors through: those of the system (ECONNRESET), and
 * Node's own of a socket that has ended already, which have a code and nothing else.
 */
function isOfSocket(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    'syscall' in error ||
    'errno' in error ||
    /^(E[A-Z]+|ERR_STREAM_(DESTROYED|WRITE_AFTER_END))$/.test(code ?? '')
  );
}

function unavailable(cause: Error): StoreUnavailableError {
  return new StoreUnavailableError('the database cannot be reached', { cause });
}
