import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type JsonNode, JsonSyntaxError, parseJson } from '../../../gateway/json/parse.js';
import { processorTime } from '../../support/processor-time.js';

const parse = suite('parseJson');
const limits = { maxDepth: 64, trailing: 'refuse' } as const;
const read = (json: string | Uint8Array, trailing: 'refuse' | 'ignore' = 'refuse') =>
  parseJson(typeof json === 'string' ? Buffer.from(json) : json, { maxDepth: 64, trailing });

/** What JSON.parse makes of the same text, as far as nodes show it. */
function plain(node: JsonNode | undefined): unknown {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map(plain);
  if ('text' in node && node.text !== undefined) return Number(node.text);
  const object = node as { names: string[]; values: JsonNode[] };
  return Object.fromEntries(object.names.map((name, i) => [name, plain(object.values[i])]));
}

parse('agrees with JSON.parse on any value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, noUnicodeString: false }), fc.boolean(), (text, indented) => {
      const json = indented ? JSON.stringify(JSON.parse(text), null, '\t') : text;
      assert.equal(plain(read(json)), JSON.parse(json));
    }),
    { numRuns: 500 },
  );
});

parse('refuses what JSON.parse refuses, whatever bytes come', () => {
  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    'a',
    '1',
    '-',
    '.',
    'e',
    '0',
    '\\',
    'u',
    'null',
    ' ',
    '\n',
    '\u0001',
    'é',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      let expected: unknown;
      let valid = true;
      try {
        expected = JSON.parse(text);
      } catch {
        valid = false;
      }
      if (text.trim() === '') assert.is(read(text), undefined);
      else if (valid) assert.equal(plain(read(text)), expected);
      else
        assert.throws(
          () => read(text),
          (error: unknown) => error instanceof JsonSyntaxError,
        );
    }),
    { numRuns: 3000 },
  );
});

parse('keeps the text of numbers that a double would change', () => {
  for (const text of [
    '9007199254740993',
    '1.0',
    '1e2',
    '-0',
    '0.1',
    '1e400',
    '123456789012345678901234567890',
  ]) {
    assert.equal(read(text), { text }, text);
  }
  assert.is(read('-12'), -12);
  assert.is(read('123456789012345'), 123456789012345);
});

parse('keeps order and duplicates of names', () => {
  assert.equal(read('{"b":1,"a":2,"b":3,"__proto__":4}'), {
    names: ['b', 'a', 'b', '__proto__'],
    values: [1, 2, 3, 4],
  });
});

parse('takes an empty body and one of white space for none', () => {
  for (const body of ['', ' ', '\r\n\t ']) assert.is(read(body), undefined);
});

parse('refuses data after the value, or ignores it', () => {
  assert.throws(() => read('{} x'), /unexpected data after the JSON value at byte 3/);
  assert.equal(read('{} x', 'ignore'), { names: [], values: [] });
});

parse('says at which byte the fault is', () => {
  const faults: [string, RegExp][] = [
    ['{"é":tru}', /unexpected character at byte 6/],
    ['{"a" 1}', /expected a colon at byte 5/],
    ['{a:1}', /expected a quoted name at byte 1/],
    ['[1 2]', /expected a comma or the end of the list at byte 3/],
    ['[1,]', /unexpected character at byte 3/],
    ['01', /unexpected data after the JSON value at byte 1/],
    ['-', /unexpected end of JSON at byte 1/],
    ['"a', /unexpected end of JSON at byte 2/],
    ['{"a":"b\tc"}', /unescaped control character in a string at byte 7/],
    ['"\\x"', /unknown escape at byte 2/],
    ['"\\u12g4"', /bad \\u escape at byte 1/],
    ['"\\ud800"', /unpaired surrogate at byte 1/],
    ['"\\ud800\\u0041"', /unpaired surrogate at byte 1/],
    ['"\\udc00\\ud800"', /unpaired surrogate at byte 1/],
    ['\ufeff{}', /unexpected character at byte 0/],
  ];
  for (const [json, message] of faults) assert.throws(() => read(json), message, json);
});

parse('reads every escape and surrogate pairs', () => {
  assert.is(
    read('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 é😀\u2028"'),
    '"\\/\b\f\n\r\té😀 é😀\u2028',
  );
});

parse('refuses bytes that are not UTF-8, overlong forms and encoded surrogates too', () => {
  for (const hex of ['22ff22', '22c0af22', '22eda08022', '22f490808022', '22e28222', 'fffe7b007d00']) {
    assert.throws(() => read(Buffer.from(hex, 'hex')), /the body is not valid UTF-8/, hex);
  }
});

parse('allows as many levels as it is told and no more', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  assert.ok(read(nested(64)));
  assert.throws(() => read(nested(65)), /nested too deeply at byte 64/);
  assert.throws(() => read('{"a":'.repeat(100_000)), /nested too deeply/);
  const wide = `[${'[[]],'.repeat(1000)}1]`;
  assert.ok(parseJson(Buffer.from(wide), { maxDepth: 3, trailing: 'refuse' }));
});

parse('takes linear time for large bodies of every kind', () => {
  const bodies = [
    `[${'1,'.repeat(500_000)}1]`,
    `[${'{},'.repeat(300_000)}{}]`,
    `"${'\\n'.repeat(500_000)}"`,
    `"${'é'.repeat(500_000)}"`,
    `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
    `${'['.repeat(1_000_000)}`,
    `${' '.repeat(1_000_000)}1`,
    `[${'9'.repeat(1_000_000)}]`,
  ];
  for (const body of bodies) {
    const spent = processorTime();
    try {
      parseJson(Buffer.from(body), limits);
    } catch (error) {
      assert.instance(error, JsonSyntaxError);
    }
    assert.ok(spent() < 500, `${body.slice(0, 10)} took ${spent()} ms`);
  }
});

parse.run();
