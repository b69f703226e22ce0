import { setTimeout as sleep } from 'node:timers/promises';
import { mutate } from './mutate.js';
import { openSocket } from './raw-http2.js';

const AT_ONCE = 50;
/** What has been said is read and answered by then; some connections wait for more. */
const LEAVE_MS = 60;

/** Opens connections that say what the call says, but for what a mutation has made of its bytes. */
export async function mutatedConnections(
  address: string,
  call: Buffer,
  count: number,
  random: () => number,
): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const sockets = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => {
      const { socket, closed } = openSocket(address);
      socket.write(mutate(call, random));
      return { socket, closed };
    });
    await sleep(LEAVE_MS);
    for (const { socket } of sockets) socket.destroy();
    await Promise.all(sockets.map(({ closed }) => closed));
  }
}
