import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { Caller } from './caller.js';
import type { Fleet } from './fleet.js';

/** A login that was watched to its end. */
export interface WatchedLogin {
  readonly path: string;
  readonly end: string;
  readonly events: number;
  /** How often the watch was lost and resumed. */
  readonly resumed: number;
}

const NAMES = ['ok', '2fa', 'chained', 'badpass', 'inapp', 'otp'];
const FINAL = ['connected', 'failed', 'expired', 'cancelled'];
/** What a stream may be without a word: heartbeats come every 15 seconds. */
const SILENCE_MS = 25_000;

/** Begins logins until it is over and watches each to its end, giving the codes that are asked for. */
export async function logInUntil(
  fleet: Fleet,
  caller: Caller,
  key: string,
  isOver: () => boolean,
): Promise<WatchedLogin[]> {
  const done: WatchedLogin[] = [];
  for (let n = 0; !isOver(); n++) {
    const body = { firstName: 'Chaos', lastName: 'Login', role: 'login' };
    const made = await caller.call('POST', '/v1/identities', body, { 'idempotency-key': randomUUID() });
    const identity = `/v1/identities/${made.body.identity.id}`;
    const credentials = { username: NAMES[n % NAMES.length], password: 'secret' };
    const once = { 'idempotency-key': randomUUID() };
    const begin = async () => {
      const begun = await caller.call('POST', `${identity}/linkedin/login`, credentials, once);
      assert.is(begun.status, 200, JSON.stringify(begun));
      return /sess_[^"]*/.exec(JSON.stringify(begun.body))![0];
    };
    const session = await begin();
    done.push(await watch(fleet, caller, key, identity, session));
    // Whose answer was lost asks again, be it after the end.
    assert.is(await begin(), session, 'another login for the same key');
  }
  return done;
}

async function watch(
  fleet: Fleet,
  caller: Caller,
  key: string,
  identity: string,
  session: string,
): Promise<WatchedLogin> {
  const path = `${identity}/linkedin/status/${session}`;
  let seen = 0;
  let end: string | undefined;
  let streams = 0;
  const onEvent = (sequence: number, state: string) => {
    assert.is(sequence, seen + 1, `${path}: each event once and in order`);
    assert.is(end, undefined, `${path}: nothing comes after the end`);
    seen = sequence;
    if (FINAL.includes(state)) end = state;
    // 409: another has been given, or nobody waits for it any more.
    if (state === 'verification_required') {
      void caller.call('POST', `${identity}/linkedin/code/${session}`, { code: '123456' });
    }
  };
  while (end === undefined) {
    streams++;
    await follow(`${fleet.gateway()}${path}/events`, key, seen, onEvent).catch((error) => {
      if (error instanceof assert.Assertion) throw error;
    });
    if (end === undefined) await sleep(100);
  }
  // Who resumes after the end is told that nothing is left.
  const events = () => caller.call('GET', `${path}/events`, undefined, resumeAt(seen));
  assert.is((await events()).status, 204);
  return { path, end, events: seen, resumed: streams - 1 };
}

const resumeAt = (seen: number) => ({ accept: 'text/event-stream', 'last-event-id': `${seen}` });

async function follow(
  url: string,
  key: string,
  seen: number,
  onEvent: (sequence: number, state: string) => void,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const headers = { authorization: `Bearer ${key}`, ...resumeAt(seen) };
    const response = await fetch(url, { headers, signal: silence.signal });
    if (response.status !== 200) return;
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      text += chunk;
      for (let cut = text.indexOf('\n\n'); cut >= 0; cut = text.indexOf('\n\n')) {
        const block = text.slice(0, cut);
        text = text.slice(cut + 2);
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (id !== undefined && data !== undefined) onEvent(Number(id), JSON.parse(data).session_status);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
