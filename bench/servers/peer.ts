import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listening } from './listening.js';

const START_MS = 10_000;

/**
 * Runs a grpc-gateway that somebody has built: a program that takes `-grpc host:port` and `-http host:port`.
 * It ends with this process.
 */
export async function servePeer(program = '', upstream = ''): Promise<Listening> {
  const http = await freePort();
  const child = spawn(program, ['-grpc', upstream, '-http', `127.0.0.1:${http}`], { stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} has ended with ${code}`)));
  });
  await Promise.race([failed, listens(http)]);
  return { http, pid: child.pid! };
}

async function listens(port: number): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (await accepts(port)) return;
  }
  throw new Error(`nothing listens on ${port}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
