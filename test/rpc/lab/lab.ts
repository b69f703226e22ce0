import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { pino } from 'pino';
import type { Authenticate, Principal } from '../../../src/rpc/call.js';
import { readImage } from '../../../src/rpc/image.js';
import type { Limits } from '../../../src/rpc/limits.js';
import { createPipeline, type Pipeline } from '../../../src/rpc/pipeline.js';
import { type Implementation, type Service, service } from '../../../src/rpc/service.js';
import { root } from '../../support/root.js';

/** The request and answer of every lab method, as loose as tests want it. */
// biome-ignore lint/suspicious/noExplicitAny: made of descriptors at run time
export type Loose = any;

/** The image of the lab's proto with all that it imports. */
export const labImage: Uint8Array = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-lab-'));
  try {
    cpSync(join(root, 'proto'), join(folder, 'proto'), { recursive: true });
    mkdirSync(join(folder, 'proto/facet/lab/v1'), { recursive: true });
    cpSync(join(root, 'test/rpc/lab/lab.proto'), join(folder, 'proto/facet/lab/v1/lab.proto'));
    writeFileSync(join(folder, 'buf.yaml'), 'version: v2\nmodules:\n  - path: proto\n');
    const buf = join(root, 'node_modules/.bin/buf');
    const run = spawnSync(buf, ['build', '-o', 'image.binpb'], { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return readFileSync(join(folder, 'image.binpb'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

const image = readImage(labImage);
export const requestType: DescMessage = image.getMessage('facet.lab.v1.Request')!;

export function encode(message: MessageInitShape<DescMessage>): Uint8Array {
  return toBinary(requestType, create(requestType, message as never));
}

export function decode(bytes: Uint8Array): Loose {
  return fromBinary(requestType, bytes);
}

const codec = {
  encode: (message: Loose) => ({ finish: () => encode(message) }),
  decode: (bytes: Uint8Array): Loose => decode(bytes),
};
const shapes = {
  unary: { requestType: codec, requestStream: false, responseType: codec, responseStream: false },
  serverStream: { requestType: codec, requestStream: false, responseType: codec, responseStream: true },
  clientStream: { requestType: codec, requestStream: true, responseType: codec, responseStream: false },
  bidi: { requestType: codec, requestStream: true, responseType: codec, responseStream: true },
} as const;

export const LabDefinition = {
  fullName: 'facet.lab.v1.LabService',
  methods: {
    echo: { name: 'Echo', ...shapes.unary },
    write: { name: 'Write', ...shapes.unary },
    count: { name: 'Count', ...shapes.serverStream },
    collect: { name: 'Collect', ...shapes.clientStream },
    chat: { name: 'Chat', ...shapes.bidi },
  },
} as const;

export const BareDefinition = {
  fullName: 'facet.lab.v1.BareService',
  methods: { first: { name: 'First', ...shapes.unary }, second: { name: 'Second', ...shapes.unary } },
} as const;

export type LabImplementation = Implementation<typeof LabDefinition>;

/** Echoes; each test replaces what it is about. */
export const plain: LabImplementation = {
  echo: async (request) => request,
  write: async (request) => request,
  async *count(request) {
    for (let at = 0; at < Number(request.count); at++) yield { text: String(at) };
  },
  async collect(requests) {
    const texts: string[] = [];
    for await (const { text } of requests) texts.push(text);
    return { tags: texts };
  },
  async *chat(requests) {
    for await (const request of requests) yield request;
  },
};

const KEYS: Readonly<Record<string, Principal>> = {
  reader: { tenant: 't1', subject: 'k1', scopes: ['read'] },
  writer: { tenant: 't1', subject: 'k2', scopes: ['read', 'write', 'admin'] },
  other: { tenant: 't2', subject: 'k3', scopes: ['read', 'write', 'admin'] },
};

export interface Lab {
  readonly pipeline: Pipeline;
  /** The lines that were logged. */
  readonly logged: string[];
}

export function createLab(
  handlers: Partial<LabImplementation> = {},
  options: {
    limits?: Partial<Limits>;
    authenticate?: Authenticate;
    services?: readonly Service[];
    level?: string;
  } = {},
): Lab {
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const pipeline = createPipeline({
    image: labImage,
    services: options.services ?? [service(LabDefinition, { ...plain, ...handlers })],
    authenticate: options.authenticate ?? (async (token) => KEYS[token]),
    limits: options.limits ?? {},
    log: pino({ level: options.level ?? 'info' }, sink),
  });
  return { pipeline, logged };
}
