import type { Clock } from '../../domain/linkedin/clock.js';
import type { SessionDocument } from './collection.js';
import type { WatchHub } from './watch-hub.js';

/** The session once its code is no longer being checked, or as it is when `ms` have passed or nobody waits. */
export async function codeResult(
  hub: WatchHub,
  clock: Clock,
  session: SessionDocument,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<SessionDocument> {
  const topic = hub.watch(session);
  const isOut = () => topic.latest()?.body.state !== 'verifying';
  let release = () => {};
  try {
    await new Promise<void>((resolve) => {
      const callOff = clock.after(ms, resolve);
      const unsubscribe = topic.onChange(() => isOut() && resolve());
      const leave = () => resolve();
      signal?.addEventListener('abort', leave, { once: true });
      release = () => {
        callOff();
        unsubscribe();
        signal?.removeEventListener('abort', leave);
      };
      if (isOut() || signal?.aborted) resolve();
    });
    return topic.latest() ?? session;
  } finally {
    release();
    topic.close();
  }
}
