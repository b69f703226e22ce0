import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay that can be absent, cut off or silent, in the place of a server that we must not stop. */
export interface TcpProxy {
  readonly port: number;
  /** Listens, again on the same port after `stop`. */
  start(): Promise<void>;
  /** Ends all connections and listens no more. */
  stop(): Promise<void>;
  /** Ends all connections by a reset. */
  cut(): void;
  /** Passes nothing on while true; connections stay. */
  setSilent(silent: boolean): void;
}

export async function createTcpProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  let isSilent = false;

  function relay(from: Socket): void {
    const to = connect(target.port, target.host);
    for (const [one, other] of [[from, to] as const, [to, from] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('data', (data) => other.write(data));
      if (isSilent) one.pause();
    }
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
  };
}
