import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay that can be absent, cut off, silent, slow or forgetful, in the place of a server that we must not stop. */
export interface FaultProxy {
  readonly port: number;
  /** Listens, again on the same port after `stop`. */
  start(): Promise<void>;
  /** Ends all connections and listens no more. */
  stop(): Promise<void>;
  /** Ends all connections by a reset. */
  cut(): void;
  /** Passes nothing on while true; connections stay. */
  setSilent(silent: boolean): void;
  /** Holds back what the server says for so many milliseconds. */
  setDelay(milliseconds: number): void;
  /** Resets a connection when the server answers a request for which `isIt` holds: it was served, and nobody is told. */
  dropAnswers(isIt: (request: Buffer) => boolean): void;
}

export async function createProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  let isSilent = false;
  let delay = 0;
  let isDropped: (request: Buffer) => boolean = () => false;

  function relay(from: Socket): void {
    const to = connect(target.port, target.host);
    let dropping = false;
    for (const [one, other] of [[from, to] as const, [to, from] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (isSilent) one.pause();
    }
    from.on('data', (request) => {
      dropping ||= isDropped(request);
      to.write(request);
    });
    to.on('data', (answer) => {
      if (dropping) from.resetAndDestroy();
      else if (delay === 0) from.write(answer);
      else setTimeout(() => from.destroyed || from.write(answer), delay);
    });
  }

  async function start(): Promise<void> {
    server = createServer(relay).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  async function stop(): Promise<void> {
    const closed = server && once(server, 'close');
    server?.close();
    server = undefined;
    cut();
    await closed;
  }

  await start();
  return {
    get port() {
      return port;
    },
    start,
    stop,
    cut,
    setSilent(silent) {
      isSilent = silent;
      for (const socket of sockets) silent ? socket.pause() : socket.resume();
    },
    setDelay(milliseconds) {
      delay = milliseconds;
    },
    dropAnswers(isIt) {
      isDropped = isIt;
    },
  };
}
