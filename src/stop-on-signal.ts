import type { Logger } from 'pino';

/** How long calls under way may take to finish, in milliseconds; a process manager waits longer. */
const FINISH_MS = 4000;

/** Stops in order at SIGTERM or SIGINT, and at once at the second one. */
export function stopOnSignal(stop: (withinMs: number) => Promise<void>, log: Logger): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    // Whatever hangs must not keep a process alive that was told to go.
    setTimeout(() => process.exit(1), FINISH_MS + 500).unref();
    stop(FINISH_MS).then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
