import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readImageFile } from '../../src/image.js';
import { readDescribedImage, readImage } from '../../src/rpc/image.js';
import { createRequestChecks } from '../../src/rpc/request-check.js';
import { service } from '../../src/rpc/service.js';
import { unary } from './lab/call.js';
import { createLab, encode, LabDefinition, type Loose, plain } from './lab/lab.js';

const validation = suite('validation');
const { pipeline } = createLab();

async function violationsOf(request: Loose): Promise<string[]> {
  const { end } = await unary(pipeline, 'Echo', request);
  if (end.code === 'OK') return [];
  assert.is(end.reason, 'INVALID_INPUT', end.message);
  return end.violations.map(({ field, rule }) => `${field}: ${rule}`);
}

async function malformed(bytes: Uint8Array, what: string): Promise<void> {
  const { end } = await unary(pipeline, 'Echo', bytes);
  assert.is(end.code, 'INVALID_ARGUMENT', what);
  assert.equal(end.violations, [], what);
}

const bytes = (...parts: (number | string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
/** A delimited field. */
const field = (number: number, ...parts: (number | string | Uint8Array)[]) => {
  const content = bytes(...parts);
  const length = [];
  for (let left = content.length; ; left >>>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  const tag = (number << 3) | 2;
  return bytes(...(tag > 127 ? [(tag & 127) | 128, tag >>> 7] : [tag]), ...length, content);
};
/** Free-form JSON as the messages of struct.proto. */
const value = (json: unknown): Uint8Array => {
  if (json === null) return bytes(0x08, 0);
  if (typeof json === 'string') return field(3, json);
  if (typeof json === 'boolean') return bytes(0x20, Number(json));
  if (typeof json === 'number') return bytes(0x11, Buffer.from(new Float64Array([json]).buffer));
  return Array.isArray(json) ? field(6, list(json)) : field(5, struct(Object.entries(json as object)));
};
const struct = (members: [string, unknown][]): Uint8Array =>
  bytes(...members.map(([key, member]) => field(1, field(1, key), field(2, value(member)))));
const list = (items: unknown[]): Uint8Array => bytes(...items.map((item) => field(1, value(item))));
const nested = (levels: number): Record<string, unknown> => {
  let json: Record<string, unknown> = {};
  for (let level = 1; level < levels; level++) json = { a: json };
  return json;
};

validation('every broken rule is named by the path of its field, all at once', async () => {
  const found = await violationsOf({
    text: 'x'.repeat(21),
    item: { value: 'a\nb', kind: 'k' },
    items: [{}, {}, { value: 'x'.repeat(6), kind: 'k' }],
    byName: { 'a b': { value: '123456', kind: 'k' } },
    inner: { inner: { text: 'y'.repeat(30) } },
  });
  assert.equal(found.sort(), [
    'by_name["a b"].value: string.max_len',
    'inner.inner.text: string.max_len',
    'item.value: string.one_line',
    'items[0].value: string.one_line',
    'items[1].value: string.one_line',
    'items[2].value: string.max_len',
    'text: string.max_len',
  ]);
});

validation('a rule on a whole message is named by the field that its id begins with', async () => {
  assert.equal(await violationsOf({ id: 'same', text: 'same' }), ['text: text.differs']);
  assert.equal(await violationsOf({ inner: { id: 'same', text: 'same' } }), ['inner.text: text.differs']);
  assert.equal(await violationsOf({ items: [{ value: 'v' }] }), ['items[0].kind: kind.pair']);
});

validation("a description is a sentence part that follows the field's name", async () => {
  const { end } = await unary(pipeline, 'Echo', { text: 'x'.repeat(21), item: { value: 'v' } });
  assert.equal(
    end.violations.map(({ description }) => description),
    ['must be at most 20 characters', 'and value go together'],
  );
});

validation('what is allowed comes through unchanged', async () => {
  const request = {
    id: 'i',
    text: 'Grüße 🙂',
    traits: { $where: 1, 'a.b': [true, null, 'x', {}], '': { constructor: 'c' } },
    list: { values: [{ kind: { case: 'numberValue', value: 1.5 } }] },
    items: [{ value: 'v', kind: 'k' }],
    labels: { '': 'x', 'ü.$': 'y' },
    time: { seconds: 253402300799n, nanos: 999_999_999 },
    choice: { case: 'right', value: 'r' },
    numbers: [1, -1, 2147483647],
    blob: new Uint8Array([0, 1, 2]),
    wrapped: '',
  };
  const reply = await unary(pipeline, 'Echo', request);
  assert.is(reply.end.code, 'OK', JSON.stringify(reply.end));
  assert.equal(Buffer.from(encode(reply.message)), Buffer.from(encode(request)));
});

validation('NUL is refused in every text, and named', async () => {
  const nul = 'a\u0000b';
  assert.equal(
    (
      await violationsOf({
        text: nul,
        traits: { a: [nul], [nul]: 1 },
        item: { kind: nul, value: 'v' },
        items: [
          { value: 'v', kind: 'k' },
          { value: 'v', kind: nul },
        ],
        tags: ['ok', nul],
        labels: { k: nul, [nul]: 'v' },
        byName: { n: { value: 'v', kind: nul } },
        choice: { case: 'left', value: nul },
        wrapped: nul,
      })
    ).sort(),
    [
      'by_name["n"].kind: string.no_nul',
      'item.kind: string.no_nul',
      'items[1].kind: string.no_nul',
      'labels["a\\u0000b"]: string.no_nul',
      'labels["k"]: string.no_nul',
      'left: string.no_nul',
      'tags[1]: string.no_nul',
      'text: string.no_nul',
      'traits["a"][0]: string.no_nul',
      'traits["a\\u0000b"]: string.no_nul',
      'wrapped: string.no_nul',
    ],
  );
});

validation('an id in the path with NUL is one that does not exist', async () => {
  const { end } = await unary(pipeline, 'Echo', { id: 'a\u0000' });
  assert.is(end.code, 'NOT_FOUND');
  assert.equal(await violationsOf({ id: 'a\u0000', text: 'x'.repeat(21) }), ['text: string.max_len']);
  const other = await unary(pipeline, 'Write', { id: 'a\u0000' });
  assert.is(other.end.violations[0]?.rule, 'string.no_nul');
});

validation('the key __proto__ is refused wherever there are keys', async () => {
  const members = struct([['__proto__', { a: 1 }]]);
  assert.equal(await violationsOf(field(3, members)), ['traits["__proto__"]: free_form.key']);
  assert.equal(await violationsOf(field(4, field(5, members))), ['anything["__proto__"]: free_form.key']);
  assert.equal(await violationsOf(field(8, field(1, '__proto__'), field(2, 'x'))), [
    'labels["__proto__"]: free_form.key',
  ]);
  assert.is(({} as Loose).a, undefined);
});

validation('free-form JSON may be 32 levels deep', async () => {
  assert.equal(await violationsOf(field(3, struct(Object.entries(nested(32))))), []);
  assert.equal(await violationsOf(field(3, struct(Object.entries(nested(33))))), ['traits: free_form.depth']);
  assert.equal(await violationsOf(field(4, value(nested(32)))), []);
  assert.equal(await violationsOf(field(4, value(nested(33)))), ['anything: free_form.depth']);
  let deep: unknown[] = [];
  for (let level = 1; level < 32; level++) deep = [deep];
  assert.equal(await violationsOf(field(5, list(deep))), []);
  assert.equal(await violationsOf(field(5, list([deep]))), ['list: free_form.depth']);
});

validation('free-form JSON of any depth is refused without harm', async () => {
  let json = struct([]);
  for (let level = 0; level < 2000; level++) json = field(1, field(1, 'a'), field(2, field(5, json)));
  assert.equal(await violationsOf(field(3, json)), ['traits: free_form.depth']);
});

validation('numbers that are not finite are refused in free-form JSON', async () => {
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.equal(await violationsOf(field(3, struct([['a', [1, number]]]))), [
      'traits["a"][1]: free_form.finite',
    ]);
  }
});

validation('a free-form value is of exactly one kind', async () => {
  await malformed(field(4), 'none');
  await malformed(field(4, value(1), value('x')), 'two');
  await malformed(field(4, field(9, 'x')), 'unknown');
  await malformed(field(4, bytes(9 << 3, 0)), 'an unknown number');
  await malformed(field(3, field(1, field(1, 'a'))), 'a member without a value');
  await malformed(
    field(3, field(1, field(1, 'a'), field(1, 'b'), field(2, value(1)))),
    'a member with two keys',
  );
});

validation('a time that no calendar has is refused', async () => {
  for (const time of [
    { seconds: -62135596801n, nanos: 0 },
    { seconds: 253402300800n, nanos: 0 },
    { seconds: 2n ** 62n, nanos: 0 },
    { seconds: 0n, nanos: -1 },
    { seconds: 0n, nanos: 1_000_000_000 },
  ]) {
    assert.equal(await violationsOf({ time }), ['time: timestamp.range']);
  }
});

validation('a list beyond 10,000 items is refused before each item is looked at', async () => {
  const long = Array.from({ length: 10_001 }, () => '');
  assert.equal(await violationsOf({ tags: long.slice(1) }), []);
  assert.equal(await violationsOf({ tags: long }), ['tags: repeated.too_many']);
  assert.equal(await violationsOf({ numbers: long.map(() => 1) }), ['numbers: repeated.too_many']);
  const started = performance.now();
  assert.equal(await violationsOf(Buffer.alloc(1 << 20, bytes(0x3a, 0x00))), ['items: repeated.too_many']);
  const took = performance.now() - started;
  assert.ok(took < 200, `${took} ms`);
});

validation('of many violations as many are shown as a header holds', async () => {
  const { end } = await unary(pipeline, 'Echo', {
    items: Array.from({ length: 9000 }, () => ({ kind: 'k' })),
  });
  assert.ok(end.violations.length >= 50, String(end.violations.length));
  const reply = await pipeline.unary(
    {
      path: '/facet.lab.v1.LabService/Echo',
      metadata: [['authorization', 'Bearer reader']],
      deadline: undefined,
      signal: new AbortController().signal,
    },
    encode({ items: Array.from({ length: 9000 }, () => ({ kind: 'k' })) }),
  );
  assert.ok(reply.status.details!.length < 6000, String(reply.status.details!.length));
});

validation('garbage and what decoders read differently is malformed', async () => {
  const long = (...rest: number[]) => bytes(0x12, ...rest);
  await malformed(Buffer.from('\u0000garbage'), 'field number 0');
  await malformed(bytes(0x0a, 5, 'ab'), 'cut off');
  await malformed(bytes(0x0a), 'no length');
  await malformed(bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 'an overlong tag');
  await malformed(long(0x81, 0x80, 0x80, 0x80, 0x10, 0x41), 'a length of more than 32 bits');
  await malformed(bytes(0x0b, 0x0c), 'a group');
  await malformed(bytes(0x0c), 'the end of a group');
  await malformed(bytes(0x10, 1), 'a text as a number');
  await malformed(bytes(0x6a, 1, 0x80), 'a packed list that ends amid a number');
  await malformed(field(6, bytes(0x0a, 9, 'x')), 'a value longer than its message');
  await malformed(field(2, Buffer.from([0xc3, 0x28])), 'wrong UTF-8');
  await malformed(field(2, Buffer.from([0xed, 0xa0, 0x80])), 'a lone surrogate');
  await malformed(field(2, Buffer.from([0xc0, 0x80])), 'an overlong NUL');
  await malformed(
    field(
      3,
      struct([['k', 1]]).map((byte) => (byte === 0x6b ? 0xff : byte)),
    ),
    'wrong UTF-8 in a key',
  );
  await malformed(Buffer.concat(Array.from({ length: 65 }, () => field(6))), 'a message in too many pieces');
  await malformed(
    Buffer.concat(Array.from({ length: 5 }, () => field(3))),
    'free-form JSON in too many pieces',
  );
});

validation('what the generated code cannot hold is the fault of the caller', async () => {
  const refusing = {
    ...LabDefinition,
    methods: {
      ...LabDefinition.methods,
      echo: {
        ...LabDefinition.methods.echo,
        requestType: {
          encode: () => ({ finish: () => new Uint8Array() }),
          decode: (): Loose => {
            throw new Error('Value is larger than Number.MAX_SAFE_INTEGER');
          },
        },
      },
    },
  };
  const { pipeline } = createLab({}, { services: [service(refusing, plain)] });
  const { end } = await unary(pipeline, 'Echo', { count: 2n ** 62n });
  assert.is(end.reason, 'INVALID_INPUT');
});

validation('unknown fields are let through', async () => {
  assert.equal(await violationsOf(bytes(field(900, 'x'), field(2, 'ok'))), []);
});

validation('a message in pieces reaches the handler merged', async () => {
  const pieces = bytes(
    field(6, field(1, 'v')),
    field(6, field(2, 'k')),
    field(18, field(2, 'a')),
    field(18, field(1, 'b')),
  );
  const { message, end } = await unary(pipeline, 'Echo', pieces);
  assert.is(end.code, 'OK');
  assert.is(message.item.value, 'v');
  assert.is(message.item.kind, 'k');
  assert.is(message.inner.id, 'b');
});

validation('the rules of an image are compiled once, and never for another', () => {
  const image = readImage(readImageFile());
  assert.is(createRequestChecks(image), createRequestChecks(image));
  assert.is.not(createRequestChecks(readDescribedImage(readImageFile())), createRequestChecks(image));
});

validation.run();
