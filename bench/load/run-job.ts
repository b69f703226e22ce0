import { connect, type Socket } from 'node:net';
import { createAnswerReader } from './answer-reader.js';
import type { LoadJob, LoadResult } from './job.js';

/** Runs a job against 127.0.0.1. Rejects at the first answer that is not a success, and when a connection ends. */
export async function runJob({ port, connections, milliseconds, requests }: LoadJob): Promise<LoadResult> {
  const texts = requests.map((text) => Buffer.from(text));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const times: number[] = [];
  let [next, bodyBytes] = [0, 0];
  const started = performance.now();
  const end = started + milliseconds;
  try {
    await Promise.all(sockets.map(drive));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return { answers: times.length, seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99), bodyBytes };

  function drive(socket: Socket): Promise<void> {
    const reader = createAnswerReader();
    let asked = 0;
    const ask = (now: number) => {
      asked = now;
      socket.write(texts[next++ % texts.length]!);
    };
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed a connection')));
      socket.on('data', (chunk) => {
        try {
          if (!reader.take(chunk)) return;
        } catch (error) {
          return reject(error);
        }
        const now = performance.now();
        times.push(now - asked);
        bodyBytes = reader.length;
        if (reader.status !== 200) reject(new Error(`status ${reader.status}`));
        else if (now < end) ask(now);
        else resolve();
      });
      ask(performance.now());
    });
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** @param sorted ascending */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
