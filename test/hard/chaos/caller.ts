import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.js';

/** An answer that a service has given, whichever it was. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into
  readonly body: any;
}

/** Calls over REST, again at another gateway until a service answers, and notes how each attempt ended. */
export interface Caller {
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  readonly attempts: number;
  readonly longestMs: number;
  /** How often an attempt ended with each status, 0 where the connection was lost. */
  readonly ends: ReadonlyMap<number, number>;
}

export const DEADLINE_MS = 4000;
const PAUSE_MS = 50;
/** Longer than any process is away. */
const GIVE_UP_MS = 90_000;

/** What another try can change: nobody knows whether it was done, or the service is full for a moment. */
const passes = ({ status, body }: Answer) => status >= 500 || (status === 429 && isMomentary(body));
/** A limit by the hour is an answer. */
const isMomentary = (body: unknown) => !/too_many_logins/i.test(JSON.stringify(body));

export function createCaller(fleet: Fleet, key: string): Caller {
  const ends = new Map<number, number>();
  let attempts = 0;
  let longestMs = 0;

  /** The answer, or why there was none. */
  async function attempt(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Answer | string> {
    let status = 0;
    const began = performance.now();
    attempts++;
    try {
      const response = await fetch(fleet.gateway() + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'grpc-timeout': `${DEADLINE_MS}m`, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      status = response.status;
      return { status, body: text && JSON.parse(text) };
    } catch (error) {
      return String((error as Error).cause ?? error);
    } finally {
      longestMs = Math.max(longestMs, performance.now() - began);
      ends.set(status, (ends.get(status) ?? 0) + 1);
    }
  }

  return {
    ends,
    async call(method, path, body, headers = {}) {
      const end = performance.now() + GIVE_UP_MS;
      for (let tries = 1; ; tries++) {
        const answer = await attempt(method, path, body, headers);
        if (typeof answer !== 'string' && !passes(answer)) return answer;
        if (performance.now() > end) {
          const last = typeof answer === 'string' ? answer : JSON.stringify(answer);
          throw new Error(`${method} ${path}: ${tries} tries in ${GIVE_UP_MS} ms, the last one: ${last}`);
        }
        await sleep(PAUSE_MS);
      }
    },
    get attempts() {
      return attempts;
    },
    get longestMs() {
      return longestMs;
    },
  };
}
