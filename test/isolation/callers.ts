import { type Message, toBinary, toJson } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import { Code } from '../../src/gen/google/rpc/code.js';
import { type HttpBinding, image, type Operation } from './operations.js';

/** Where the app under test can be reached. */
export interface Target {
  /** "host:port" */
  readonly grpc: string;
  /** "http://host:port" */
  readonly rest: string;
}

/** An answer, whichever way it came. */
export interface Answer {
  /** The name of a gRPC code, or `HTTP <status>` for a status that goes with none that matters here. */
  readonly code: string;
  /** All of it that a caller sees, without what differs from call to call. */
  readonly seen: string;
  /** The messages that came over gRPC. */
  readonly messages: readonly Uint8Array[];
}

const WAIT_MS = 2000;
/** So that an answer does not differ by its request id. */
const REQUEST_ID = 'isolation';
const HTTP_CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
};

export interface Caller {
  /**
   * Calls with a key, or without one. Of a stream that goes on, the first message is the answer.
   *
   * @param more members that a body over REST has besides those of the request
   * @param headers to be sent over REST
   */
  call(
    operation: Operation,
    request: Message,
    key: string | undefined,
    more?: Json,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  close(): void;
}

export function createCaller(target: Target): Caller {
  const client = new Client(target.grpc, credentials.createInsecure());
  return {
    call: ({ http, path, method }, request, key, more, headers) =>
      http === undefined
        ? overGrpc(client, path, toBinary(method.input, request), key)
        : overRest(target.rest, toHttp(http, request, method.input), http.verb, key, more, headers),
    close: () => client.close(),
  };
}

/** Every kind of call is a stream on the wire. */
function overGrpc(
  client: Client,
  path: string,
  request: Uint8Array,
  key: string | undefined,
): Promise<Answer> {
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('authorization', `Bearer ${key}`);
  metadata.set('x-request-id', REQUEST_ID);
  const messages: Buffer[] = [];
  const call = client.makeBidiStreamRequest(
    path,
    (bytes: Buffer) => bytes,
    (bytes) => bytes,
    metadata,
    { deadline: Date.now() + WAIT_MS },
  );
  return new Promise((resolve) => {
    const answer = (code: string, details: Uint8Array = new Uint8Array(), text = '') =>
      resolve({
        code,
        messages,
        seen: [
          code,
          text,
          Buffer.from(details).toString('latin1'),
          ...messages.map((each) => each.toString('latin1')),
        ].join('\n'),
      });
    call.on('error', () => undefined);
    call.on('data', (message: Buffer) => {
      messages.push(message);
      // Unary calls end by themselves; a stream may go on.
      setTimeout(() => {
        answer('OK');
        call.cancel();
      }, 100);
    });
    call.on('status', ({ code, details, metadata: trailer }: StatusObject) => {
      answer(Code[code] ?? String(code), trailer.get('grpc-status-details-bin')[0] as Buffer, details);
    });
    call.write(Buffer.from(request));
    call.end();
  });
}

async function overRest(
  base: string,
  { url, body }: { url: string; body: unknown },
  verb: string,
  key: string | undefined,
  more: Json = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const gone = new AbortController();
  const response = await fetch(base + url, {
    method: verb,
    headers: {
      'x-request-id': REQUEST_ID,
      ...headers,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(withMore(body, more)) }),
    signal: AbortSignal.any([gone.signal, AbortSignal.timeout(WAIT_MS)]),
  });
  const code = response.ok ? 'OK' : (HTTP_CODES[response.status] ?? `HTTP ${response.status}`);
  const answered = [...response.headers].filter(([name]) => name !== 'date').sort();
  const text = await firstPart(response);
  gone.abort();
  const seen = [code, JSON.stringify(answered), text]
    .join('\n')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  return { code, seen, messages: [] };
}

/** The whole of a plain answer, or what has come of a stream. */
async function firstPart(response: Response): Promise<string> {
  if (/json$|^$/.test(response.headers.get('content-type') ?? '') && response.headers.has('content-length'))
    return response.text();
  const reader = response.body?.getReader();
  const part = await reader?.read();
  return part?.value === undefined ? '' : new TextDecoder().decode(part.value);
}

export type Json = Readonly<Record<string, unknown>>;

function withMore(body: unknown, more: Json): unknown {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, ...more } : body;
}

/** Puts the fields of a request where its binding has them: path, body, query. */
function toHttp(
  http: HttpBinding,
  request: Message,
  desc: Parameters<typeof toJson>[0],
): { url: string; body: unknown } {
  const json = toJson(desc, request, { registry: image, useProtoFieldName: true }) as Json;
  const named = toJson(desc, request, { registry: image, useProtoFieldName: http.protoNames }) as Json;
  const taken = new Set<string>();
  const path = http.template.replace(/\{([^}=]+)(?:=[^}]*)?\}/g, (_, name: string) => {
    taken.add(name.split('.')[0]!);
    return encodeURIComponent(
      String(name.split('.').reduce<unknown>((at, part) => (at as Json)?.[part], json)),
    );
  });
  const nameOf = (proto: string) =>
    http.protoNames ? proto : desc.fields.find(({ name }) => name === proto)!.jsonName;
  const rest = Object.keys(json).filter((name) => !taken.has(name));
  if (http.body === '*')
    return { url: path, body: Object.fromEntries(rest.map((name) => [nameOf(name), named[nameOf(name)]])) };
  const query = new URLSearchParams();
  for (const name of rest.filter((each) => each !== http.body)) {
    for (const value of [json[name]].flat())
      query.append(nameOf(name), typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const url = query.size > 0 ? `${path}?${query}` : path;
  const isList = desc.fields.find(({ name }) => name === http.body)?.fieldKind === 'list';
  const empty = isList ? [] : {};
  return { url, body: http.body === '' ? undefined : (named[nameOf(http.body)] ?? empty) };
}
