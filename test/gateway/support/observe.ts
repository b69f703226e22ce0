import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation, RecordedCase } from './recorded-case.js';

interface Answer {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  /** Milliseconds from the first piece of the body to the last. */
  readonly spread: number;
  readonly cut: boolean;
}

/** Sends a recorded request and notes what comes back. */
export async function observe(port: number, each: RecordedCase): Promise<Observation> {
  if (each.kind === 'disconnect' || each.kind === 'disconnect-unary') return observeDisconnect(port, each);
  const answer = each.kind === 'raw' ? await sendLine(port, each.path) : await send(port, each);
  const { 'grpc-metadata-x-received': received, ...headers } = collect(answer.rawHeaders);
  const seen: Observation = {
    status: answer.status,
    headers,
    ...readBody(answer.body, each.kind === 'stream'),
  };
  if (each.kind === 'stream') {
    seen.chunks_spread_ms = answer.spread;
    seen.connection_cut = answer.cut;
  }
  if (answer.rawTrailers.length > 0) seen.trailers = collect(answer.rawTrailers);
  if (typeof received === 'string' && received !== '') seen.received = parseOr(received);
  if (each.pick !== undefined) {
    seen.picked = Object.fromEntries(each.pick.map((path) => [path, pick(seen.json, path)]));
    delete seen.json;
  }
  if (each.kind === 'deadline') {
    const left = Number((seen.json as { deadlineMs: string }).deadlineMs);
    seen.deadline_ok = left > 10_000 && left <= 20_000;
    delete seen.json;
  }
  return seen;
}

/** What differs between two observations, as far as the case is to be compared. */
export function differences(each: RecordedCase, seen: Observation): string[] {
  const wanted = each.expected;
  const found: string[] = [];
  const compare = (name: string, got: unknown, want: unknown) => {
    if (!same(got, want)) found.push(`${name}: ${brief(got)}, not ${brief(want)}`);
  };
  if (each.cmp === 'free') return found;
  compare('status', seen.status, wanted.status);
  if (each.cmp === 'status') return found;
  if (each.cmp === 'code') {
    compare('code', codeOf(seen), codeOf(wanted));
    return found;
  }
  const { headers, chunks_spread_ms: spread = 0, long_text_bytes: _, starts, ...rest } = wanted;
  for (const name of new Set([...Object.keys(rest), ...Object.keys(seen)])) {
    if (['headers', 'chunks_spread_ms', 'long_text_bytes', 'starts'].includes(name)) continue;
    compare(name, seen[name as keyof Observation], rest[name as keyof typeof rest]);
  }
  compare('start of a long body', seen.starts, starts);
  if (headers !== undefined) {
    for (const name of new Set([...Object.keys(headers), ...Object.keys(seen.headers ?? {})])) {
      if (/^(content-type|www-authenticate|grpc-)/.test(name) && name !== 'grpc-metadata-content-type') {
        compare(name, seen.headers?.[name], headers[name]);
      }
    }
  }
  if (spread > 200 && !((seen.chunks_spread_ms ?? 0) > 200)) found.push('the stream was held back');
  return found;
}

async function observeDisconnect(port: number, each: RecordedCase): Promise<Observation> {
  const counter = each.kind === 'disconnect' ? 'cancelledStreams' : 'cancelledUnary';
  const count = async () => {
    const { body } = await send(port, { method: 'GET', path: '/v1/inspect' });
    return Number(JSON.parse(body.toString())[counter]);
  };
  const before = await count();
  const answer = await send(port, each, each.kind === 'disconnect' ? { afterLines: 2 } : { afterMs: 300 });
  await sleep(500);
  return { status: answer.status, cancelled_on_server: (await count()) - before };
}

function send(
  port: number,
  each: Pick<RecordedCase, 'method' | 'path' | 'headers' | 'body'>,
  leave: { afterLines?: number; afterMs?: number } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = bodyOf(each.body);
    const headers: Record<string, string | string[] | number> = { ...each.headers };
    if (
      body !== undefined &&
      !Object.keys(headers).some((name) => name.toLowerCase() === 'transfer-encoding')
    ) {
      headers['Content-Length'] = body.length;
    }
    if (body === undefined && !['GET', 'HEAD', 'OPTIONS'].includes(each.method))
      headers['Content-Length'] = 0;
    const options = {
      host: '127.0.0.1',
      port,
      method: each.method,
      path: each.path,
      headers,
      agent: false as const,
    };
    const request = httpRequest(
      { ...options, insecureHTTPParser: true, maxHeaderSize: 1 << 20 },
      (response) => {
        const chunks: Buffer[] = [];
        const times: number[] = [];
        const finish = (cut: boolean) => resolve(toAnswer(response, Buffer.concat(chunks), times, cut));
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          times.push(Date.now());
          if (
            leave.afterLines !== undefined &&
            Buffer.concat(chunks).toString().split('\n').length > leave.afterLines
          ) {
            request.destroy();
            finish(true);
          }
        });
        response.on('end', () => finish(false));
        response.on('error', () => finish(true));
      },
    );
    request.on('error', (error) => (leave.afterMs === undefined ? reject(error) : resolve(none)));
    if (leave.afterMs !== undefined) setTimeout(() => request.destroy(), leave.afterMs);
    request.end(body);
  });
}

const none: Answer = {
  status: 0,
  rawHeaders: [],
  rawTrailers: [],
  body: Buffer.alloc(0),
  spread: 0,
  cut: true,
};

function toAnswer(response: IncomingMessage, body: Buffer, times: readonly number[], cut: boolean): Answer {
  const { statusCode = 0, rawHeaders, rawTrailers } = response;
  return {
    status: statusCode,
    rawHeaders,
    rawTrailers,
    body,
    spread: (times.at(-1) ?? 0) - (times[0] ?? 0),
    cut,
  };
}

function sendLine(port: number, line: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${line}\r\nHost: h\r\nConnection: close\r\n\r\n`),
    );
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const [first = '', ...lines] = text.slice(0, end).split('\r\n');
      const rawHeaders = lines.flatMap((each) => [
        each.slice(0, each.indexOf(':')),
        each.slice(each.indexOf(':') + 2),
      ]);
      const body = Buffer.from(text.slice(end + 4), 'latin1');
      resolve({ ...none, status: Number(first.split(' ')[1]), rawHeaders, body, cut: false });
    });
  });
}

function bodyOf(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('BIN:')) return Buffer.from(text.slice(4), 'hex');
  const [, key = '', length] = /^GEN:(\w+):(\d+)$/.exec(text) ?? [];
  return Buffer.from(length === undefined ? text : JSON.stringify({ [key]: 'n'.repeat(Number(length)) }));
}

function collect(raw: readonly string[]): Record<string, string | string[]> {
  const lists: Record<string, string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    lists[name] = [...(lists[name] ?? []), raw[at + 1] as string].sort();
  }
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list]),
  );
}

function readBody(body: Buffer, isStream: boolean): Observation {
  const text = body.toString('utf8').replaceAll('\u00a0', ' ');
  if (text === '') return { empty: true };
  if (isStream) {
    const lines = text.split('\n');
    const trailing = lines.at(-1) === '';
    const values = (trailing ? lines.slice(0, -1) : lines).map(parseOr);
    if (values.every((value) => typeof value !== 'string'))
      return { ndjson: values, trailing_newline: trailing };
  }
  if (text.length > 6000) return { long_text_bytes: body.length, starts: text.slice(0, 200) };
  const value = parseOr(text, undefined);
  return value === undefined || typeof value === 'number' ? { text } : { json: value };
}

function parseOr(text: string, ...otherwise: [unknown?]): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise.length === 0 ? text : otherwise[0];
  }
}

function pick(value: unknown, path: string): unknown {
  const [, name] = /^metadata\.(.*)$/.exec(path) ?? [];
  const fields = (value ?? {}) as Record<string, Record<string, unknown> | undefined>;
  return (name === undefined ? fields[path] : fields.metadata?.[name]) ?? null;
}

function codeOf({ json, ndjson }: Observation): unknown {
  const body = (json ?? ndjson?.at(-1)) as { code?: number; error?: { code: number } } | undefined;
  return body?.code ?? body?.error?.code;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every(
      (name) => name in b && same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
    )
  );
}

function brief(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 300);
}
