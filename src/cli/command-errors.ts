/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked cannot be done; the command line is not to blame. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
