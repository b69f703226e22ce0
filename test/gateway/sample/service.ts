import { setTimeout as sleep } from 'node:timers/promises';
import { create, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import type { Any } from '../../../src/gen/google/protobuf/any.js';
import { BadRequest, ErrorInfo, RetryInfo } from '../../../src/gen/google/rpc/error_details.js';
import { Status } from '../../../src/gen/google/rpc/status.js';
import { type ServiceCall, ServiceFailure } from '../support/local-transport.js';
import { sampleRegistry, sampleType } from './image.js';
import { received } from './received.js';

// biome-ignore lint/suspicious/noExplicitAny: the sample's messages are known at run time only.
type Fields = any;
type Requests = AsyncIterable<Fields>;
type Handler = (requests: Requests, call: ServiceCall) => AsyncIterable<Fields>;

const counters = { cancelledStreams: 0, openStreams: 0, cancelledUnary: 0 };

/** Runs a method of the sample service on serialized messages, as the recorded Go server does. */
export async function* serveSample(
  path: string,
  requests: AsyncIterable<Uint8Array>,
  call: ServiceCall,
): AsyncGenerator<Uint8Array> {
  const [, serviceName = '', methodName = ''] = path.split('/');
  const method = sampleRegistry.getService(serviceName)?.methods.find(({ name }) => name === methodName);
  const handler = handlers[methodName];
  if (method === undefined || handler === undefined) throw failure(12, `unknown method ${path}`);
  const note = (message: Message) =>
    call.header.push(['x-received', received(method.input, message, sampleRegistry)]);
  async function* decoded(input: DescMessage): AsyncGenerator<Fields> {
    for await (const bytes of requests) {
      const message = fromBinary(input, bytes);
      if (!silent.has(methodName)) note(message);
      yield message;
    }
  }
  for await (const answer of handler(decoded(method.input), call)) {
    yield toBinary(method.output, create(method.output, answer));
  }
}

const silent = new Set(['Inspect', 'FailStream', 'StreamRaw', 'Upload', 'Chat']);

const handlers: Record<string, Handler> = {
  CreateIdentity: unary((request) => ({
    ...(request.identity ?? {}),
    id: `${request.parent}/identities/${request.identityId}`,
  })),
  GetIdentity: unary(({ id }) => {
    if (id.endsWith('missing')) throw failure(5, `identity ${JSON.stringify(id)} not found`);
    return id.endsWith('blank') ? { id } : ada(id);
  }),
  ListIdentities: unary(() => ({ nextPageToken: 'n/2+=', totalSize: 2n })),
  UpdateIdentity: unary((request) => request.identity ?? {}),
  DeleteIdentity: unary(() => ({})),
  CancelIdentity: unary(({ id, reason }) => ({ id, displayName: `cancelled: ${reason}` })),
  WatchIdentities: watch,
  WatchNames: watch,
  Echo: unary((request) => request),
  EchoBody: unary((request) => ({
    message: request,
    messages: request.repeatedNested,
    text: request.stringField,
    big: request.int64Field,
    kind: request.kind,
    data: request.bytesField,
    counts: { a: 1 },
    at: request.timestampField,
    texts: request.repeatedString,
  })),
  Fail: unary((request, call) => {
    addErrorMetadata(request, call);
    if (request.code !== 0) throw failed(request);
    return {};
  }),
  FailStream: async function* (requests, call) {
    const request = await first(requests);
    addErrorMetadata(request, call);
    for (let index = 0; index < request.after; index++) yield { sequence: BigInt(index), type: 'ADDED' };
    if (request.code !== 0) throw failed(request);
  },
  Inspect: unary(inspect),
  GetRaw: unary(({ contentType, data }) => ({ contentType, data: Buffer.from(data) })),
  StreamRaw: async function* (requests) {
    const { contentType, data, count } = await first(requests);
    for (let index = 0; index < count; index++) yield { contentType, data: Buffer.from(`${data}${index}`) };
  },
  PutRaw: unary((request) => request),
  Upload: async function* (requests) {
    const names: string[] = [];
    for await (const { name } of requests) names.push(name);
    yield { count: names.length, names };
  },
  Chat: async function* (requests) {
    for await (const { name, value } of requests) yield { name: `re:${name}`, value: value + 1 };
  },
};

function unary(answer: (request: Fields, call: ServiceCall) => Fields): Handler {
  return async function* (requests, call) {
    yield await answer(await first(requests), call);
  };
}

async function first(requests: Requests): Promise<Fields> {
  for await (const request of requests) return request;
  throw failure(13, 'no request');
}

async function* watch(requests: Requests, { signal }: ServiceCall): AsyncGenerator<Fields> {
  const { parent, count, intervalMs } = await first(requests);
  counters.openStreams++;
  try {
    for (let index = 0; count === 0 || index < count; index++) {
      if (index > 0 || count === 0) await sleep(intervalMs, undefined, { signal });
      yield {
        sequence: BigInt(index),
        type: 'ADDED',
        identity: typed('Identity', { id: `${parent}/identities/${index}` }),
      };
    }
  } finally {
    counters.openStreams--;
    if (signal.aborted) counters.cancelledStreams++;
  }
}

async function inspect(request: Fields, call: ServiceCall): Promise<Fields> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of call.metadata) {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64');
    byName.set(name, [...(byName.get(name) ?? []), text].sort());
  }
  const answer = {
    metadata: Object.fromEntries([...byName].map(([name, values]) => [name, values.join(' | ')])),
    deadlineMs: call.deadline === undefined ? 0n : BigInt(Math.round(call.deadline - Date.now())),
    cancelledStreams: BigInt(counters.cancelledStreams),
    openStreams: BigInt(counters.openStreams),
    cancelledUnary: BigInt(counters.cancelledUnary),
    noteLength: BigInt(Buffer.byteLength(request.note)),
    note: request.note.length < 200 ? request.note : '',
    padding: 'p'.repeat(request.responseBytes),
  };
  if (request.trailers) {
    call.header.push(['x-multi', 'one'], ['x-multi', 'two'], ['x-raw-bin', Buffer.from([0xff, 0, 0x7f])]);
    call.header.push(['set-cookie', 'a=b; Path=/'], ['location', '/somewhere'], ['x-http-code', '201']);
    call.trailer.push(['x-checksum', 'abc'], ['x-tr-bin', Buffer.from([0xfe])]);
  }
  if (request.sleepMs > 0) {
    try {
      await sleep(request.sleepMs, undefined, { signal: call.signal });
    } catch (error) {
      counters.cancelledUnary++;
      throw error;
    }
  }
  return answer;
}

function addErrorMetadata(request: Fields, call: ServiceCall): void {
  if (!request.header) return;
  call.header.push(['x-error-header', 'eh']);
  call.trailer.push(['x-error-trailer', 'et']);
}

function failed(request: Fields): ServiceFailure {
  const details: Any[] = [];
  const add = (name: string, value: Uint8Array) =>
    details.push({ typeUrl: `type.googleapis.com/${name}`, value: Buffer.from(value) });
  if (request.details) {
    const violation = {
      field: 'identity.email',
      description: 'must be an email',
      reason: '',
      localizedMessage: undefined,
    };
    add('google.rpc.BadRequest', BadRequest.encode({ fieldViolations: [violation] }).finish());
    add(
      'google.rpc.ErrorInfo',
      ErrorInfo.encode({ reason: 'BAD_EMAIL', domain: 'example.com', metadata: { k: 'v' } }).finish(),
    );
    add(
      'google.rpc.RetryInfo',
      RetryInfo.encode({ retryDelay: { seconds: 1, nanos: 500_000_000 } }).finish(),
    );
  }
  if (request.localDetail)
    add('sample.v1.Nested', toBinary(sampleType('Nested'), typed('Nested', { name: 'n', value: 7 })));
  if (request.unknownDetail) add('unknown.v1.Thing', Uint8Array.of(8, 1));
  const bytes = Status.encode({ code: request.code, message: request.message, details }).finish();
  return new ServiceFailure({ code: request.code, message: request.message, details: bytes });
}

function failure(code: number, message: string): ServiceFailure {
  return new ServiceFailure({ code, message });
}

function typed(name: string, fields: Fields): Message {
  return create(sampleType(name), fields);
}

function ada(id: string): Fields {
  return {
    id,
    displayName: 'Ada Łovelace',
    kind: 1,
    revision: 9007199254740993n,
    secretHash: Uint8Array.of(0xfb, 0xff, 0xfe),
    createTime: { seconds: 1700000000n, nanos: 120000000 },
    ttl: { seconds: 3n, nanos: 500000000 },
    attributes: { level: 3, nested: { ok: true }, none: null },
    contact: { case: 'email', value: 'ada@example.com' },
    labels: { team: 'a<b>&' },
    nickname: 'ada',
    priority: 0,
    tags: ['x', 'y'],
    address: typed('Address', { street: '1 Main', geo: typed('Geo', { lat: 1.5, lng: -2 }) }),
  };
}
