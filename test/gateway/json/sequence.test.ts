import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonSyntaxError, parseJson, parseJsonSequence } from '../../../gateway/json/parse.js';
import { processorTime } from '../../support/processor-time.js';

const sequence = suite('parseJsonSequence');
const limits = { maxDepth: 8, trailing: 'refuse' } as const;

async function* chunked(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : sizes[i % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(text: string, sizes: readonly number[] = [], maxBytes?: number) {
  const found = [];
  const options = maxBytes === undefined ? limits : { ...limits, maxBytes };
  for await (const node of parseJsonSequence(chunked(Buffer.from(text), sizes), options)) found.push(node);
  return found;
}

sequence('yields the same values however the bytes are cut and separated', async () => {
  const value = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.constantFrom('{"a":"}]\\"{"}', '"\\\\"', '[]', 'null', '12'),
  );
  const separator = fc.constantFrom('\n', ' ', '\r\n', '\n\n');
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { maxLength: 6 }),
      separator,
      fc.array(fc.integer({ min: 1, max: 7 })),
      async (values, between, sizes) => {
        const found = await collect(values.join(between), sizes);
        assert.equal(
          found,
          values.map((one) => parseJson(Buffer.from(one), limits)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

sequence('needs no separator where a value shows its end', async () => {
  assert.equal(await collect('{"a":1}{"a":2}[3]"x""y"1{}', [1]), [
    { names: ['a'], values: [1] },
    { names: ['a'], values: [2] },
    [3],
    'x',
    'y',
    1,
    { names: [], values: [] },
  ]);
});

sequence('yields a value before the next one has come', async () => {
  async function* slow() {
    yield Buffer.from('{"a":1}');
    await new Promise(() => {});
  }
  const first = await parseJsonSequence(slow(), limits)[Symbol.asyncIterator]().next();
  assert.equal(first.value, { names: ['a'], values: [1] });
});

sequence('yields what came before a bad value, then fails', async () => {
  const found: unknown[] = [];
  let failure: unknown;
  try {
    for await (const node of parseJsonSequence(chunked(Buffer.from('{"a":1}\n{bad'), [3]), limits))
      found.push(node);
  } catch (error) {
    failure = error;
  }
  assert.is(found.length, 1);
  assert.instance(failure, JsonSyntaxError);
});

sequence('refuses commas between values, stray ends, depth and length beyond the limits', async () => {
  for (const text of ['{},{}', '}', ']{}', '[[[[[[[[[', `"${'a'.repeat(100)}"`]) {
    const failure = await collect(text, [5], 50).catch((error: unknown) => error);
    assert.instance(failure, JsonSyntaxError, text);
  }
  assert.equal((await collect(`${'{}'.repeat(100)}`, [7], 50)).length, 100);
});

sequence('refuses depth as soon as it is reached', async () => {
  async function* endless() {
    for (;;) yield Buffer.from('[');
  }
  const first = parseJsonSequence(endless(), limits)[Symbol.asyncIterator]().next();
  assert.instance(await first.catch((error: unknown) => error), JsonSyntaxError);
});

sequence('takes linear time for one value in many chunks', async () => {
  const spent = processorTime();
  await collect(`"${'a'.repeat(300_000)}"`, [1]);
  assert.ok(spent() < 1500);
});

sequence.run();
