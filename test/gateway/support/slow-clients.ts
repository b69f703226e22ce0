import { connect } from 'node:net';

export interface SlowClients {
  /** How many of them the server still bears with. */
  open(): number;
  /** How long the last one was borne with, in milliseconds; so far, while any is. */
  forMs(): number;
  leave(): void;
}

/** Half of them never end their headers, half never end their body; all of them go on sending. */
export function openSlow(port: number, count: number, getPath: string, postPath: string): SlowClients {
  const started = Date.now();
  let open = count;
  let ended = started;
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => {
      open--;
      ended = Date.now();
    });
    socket.write(
      index % 2 === 0
        ? `GET ${getPath} HTTP/1.1\r\nHost: h\r\nX-A: `
        : `POST ${postPath} HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{`,
    );
    return socket;
  });
  const trickle = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('a');
  }, 400);
  return {
    open: () => open,
    forMs: () => (open > 0 ? Date.now() : ended) - started,
    leave() {
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
    },
  };
}
