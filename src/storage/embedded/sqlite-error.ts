import { StoreCorruptError, StoreFullError, StoreUnavailableError } from '../errors.js';

/** A lock that another connection holds for a moment: the one failure that is waited out. */
export class BusyError extends StoreUnavailableError {}

// Primary result codes, https://www.sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
/** The shared-memory file could not grow, which is how a full disk shows to a reader. */
const IOERR_SHMSIZE = 4874;

/** Maps what the driver throws to the errors of the port; what is neither stays as it is. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { rawCode } = error as { rawCode?: number };
  if (rawCode === undefined) return driverError(error);
  if (rawCode === IOERR_SHMSIZE) return new StoreFullError('the disk of the store is full', { cause: error });
  switch (rawCode & 0xff) {
    case BUSY:
    case LOCKED:
      return new BusyError('the store is locked', { cause: error });
    case FULL:
      return new StoreFullError('the store is full', { cause: error });
    case CORRUPT:
    case NOTADB:
      return new StoreCorruptError('the file of the store is damaged', { cause: error });
    case READONLY:
    case IOERR:
    case CANTOPEN:
      return new StoreUnavailableError('the file of the store cannot be used', { cause: error });
    default:
      return error;
  }
}

/** The driver's own failures carry no code. */
function driverError(error: Error): Error {
  if (!/ConnectionFailed|connection is not open/.test(error.message)) return error;
  return new StoreUnavailableError('the file of the store cannot be opened', { cause: error });
}
