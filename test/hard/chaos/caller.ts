import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.js';

/** An answer that a service has given, whichever it was. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into
  readonly body: any;
}

/** Calls over REST, again at another gateway until a service answers, and notes how long each attempt took. */
export interface Caller {
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  readonly attempts: number;
  readonly longestMs: number;
}

export const DEADLINE_MS = 4000;
const PAUSE_MS = 50;
/** Longer than any process is away. */
const GIVE_UP_MS = 90_000;

export function createCaller(fleet: Fleet, key: string): Caller {
  let attempts = 0;
  let longestMs = 0;
  let lastFailure = '';

  async function attempt(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ) {
    const began = performance.now();
    attempts++;
    try {
      const response = await fetch(fleet.gateway() + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'grpc-timeout': `${DEADLINE_MS}m`, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status < 500) return { status: response.status, body: text && JSON.parse(text) };
      // Nobody knows whether it was done.
      lastFailure = `${response.status} ${text}`;
      return undefined;
    } catch (error) {
      lastFailure = String((error as Error).cause ?? error);
      return undefined;
    } finally {
      longestMs = Math.max(longestMs, performance.now() - began);
    }
  }

  return {
    async call(method, path, body, headers = {}) {
      const end = performance.now() + GIVE_UP_MS;
      while (performance.now() < end) {
        const answer = await attempt(method, path, body, headers);
        if (answer !== undefined && answer.status !== 429) return answer;
        await sleep(PAUSE_MS);
      }
      throw new Error(`${method} ${path} had no answer for ${GIVE_UP_MS} ms: ${lastFailure}`);
    },
    get attempts() {
      return attempts;
    },
    get longestMs() {
      return longestMs;
    },
  };
}
