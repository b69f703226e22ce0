import { create, toBinary } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MalformedMessage } from '../../../gateway/json/codec.js';
import { processorTime } from '../../support/processor-time.js';
import { codecs, field, message, node } from './sample.js';

const wire = suite('messages off the wire');
const allTypes = message('AllTypes');
const codec = codecs().message(allTypes);
const print = (...bytes: number[]) =>
  JSON.parse(codec.encode(Uint8Array.from(bytes))) as Record<string, unknown>;

wire('of a scalar given twice the last one holds', () => {
  assert.is(print(0x10, 1, 0x10, 2).int32Field, 2);
});

wire('a message in pieces is merged, however many there are', () => {
  const name = [0x6a, 3, 0x0a, 1, 0x61];
  const value = [0x6a, 2, 0x10, 5];
  assert.equal(print(...name, 0x10, 1, ...value).nested, { name: 'a', value: 5, child: null });
  const many = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from(value)));
  const spent = processorTime();
  assert.match(codec.encode(many), '"nested":{"name":"","value":5,"child":null}');
  assert.ok(spent() < 500);
});

wire('of a oneof the last member holds', () => {
  const text = [0x8a, 2, 1, 0x61];
  const number = [0x90, 2, 7];
  const both = print(...text, ...number);
  assert.is(both.oneofInt32, 7);
  assert.not('oneofString' in both);
});

wire('lists come packed, single, or both', () => {
  assert.equal(print(0x7a, 2, 1, 2, 0x78, 3, 0x7a, 1, 4).repeatedInt64, ['1', '2', '3', '4']);
});

wire('map entries may lack their key or value, and the last of a key holds', () => {
  assert.equal(print(0x92, 1, 0, 0x92, 1, 3, 0x12, 1, 0x61, 0x9a, 1, 2, 0x08, 7), {
    ...print(),
    mapString: { '': 'a' },
    mapNested: { 7: { name: '', value: 0, child: null } },
  });
});

wire('unknown fields, groups and wrong wire types are skipped', () => {
  const unknown = [0xf8, 7, 1, 0xfa, 7, 1, 0x61, 0xfd, 7, 0, 0, 0, 0, 0xf9, 7, 0, 0, 0, 0, 0, 0, 0, 0];
  const group = [0xfb, 7, 0x08, 1, 0x13, 0x14, 0xfc, 7];
  assert.equal(print(...unknown, ...group, 0x12, 1, 0x61), print());
});

wire('bytes that are no message are refused, never read beyond their end', () => {
  const broken = [[0x0a], [0x0a, 5, 1], [0x08], [0x10, 0x80], [0x41, 1, 2], [0x07], [0x0b, 0x08], [0x0c]];
  const beyondItsMessage = [0x6a, 1, 0x10, 0x10, 5];
  const varint = [0x10, ...new Array<number>(10).fill(0xff), 1];
  for (const bytes of [
    ...broken,
    beyondItsMessage,
    varint,
    [0x6a, 2, 0x0a, 5, 0x61, 0x61, 0x61, 0x61, 0x61],
  ]) {
    assert.throws(
      () => print(...bytes),
      (error: unknown) => error instanceof MalformedMessage,
      String(bytes),
    );
  }
});

wire('random bytes are printed or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        JSON.parse(codec.encode(bytes));
      } catch (error) {
        assert.instance(error, MalformedMessage);
      }
    }),
    { numRuns: 5000 },
  );
});

wire('text that is not UTF-8 is refused, U+FFFD itself is not', () => {
  assert.throws(() => print(0x0a, 2, 0xc3, 0x28), /a string is not valid UTF-8/);
  assert.is(print(0x0a, 3, 0xef, 0xbf, 0xbd).stringField, '\ufffd');
});

wire('what JSON has no form for is refused', () => {
  const nan = [0xba, 1, 9, 0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  const farTime = [0xa2, 1, 7, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
  const mixedSpan = [0xaa, 1, 13, 0x08, 1, 0x10, ...new Array<number>(9).fill(0xff), 1];
  const badMask = [0xca, 1, 2, 0x0a, 0];
  const lossyMask = [0xca, 1, 5, 0x0a, 3, 0x61, 0x5f, 0x31];
  for (const bytes of [nan, farTime, mixedSpan, badMask, lossyMask]) {
    assert.throws(
      () => print(...bytes),
      (error: unknown) => error instanceof MalformedMessage,
      String(bytes),
    );
  }
});

wire('nesting far beyond any request is refused without a full stack', () => {
  const desc = message('Nested');
  let bytes: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < 150; i++)
    bytes = toBinary(desc, {
      ...create(desc),
      $unknown: [{ no: 3, wireType: 2, data: lengthPrefixed(bytes) }],
    });
  assert.ok(codecs().message(desc).encode(bytes));
  for (let i = 0; i < 3000; i++) bytes = Buffer.concat([Buffer.of(0x1a), lengthPrefixed(bytes)]);
  assert.throws(() => codecs().message(desc).encode(bytes), /nested too deeply/);
});

wire('strings and messages of every length are written with the right length', () => {
  for (const size of [0, 1, 63, 64, 127, 128, 129, 16_383, 16_384, 16_385, 70_000, 2_097_152]) {
    for (const letter of ['a', 'é']) {
      const text = letter.repeat(size / Buffer.byteLength(letter));
      const decoded = codec.decode(
        node(JSON.stringify({ nested: { child: { name: text } }, stringField: text })),
      );
      const back = JSON.parse(codec.encode(decoded)) as {
        nested: { child: { name: string } };
        stringField: string;
      };
      assert.ok(back.nested.child.name === text && back.stringField === text, `${size}`);
    }
  }
});

wire('codecs made at once do not disturb one another', () => {
  const first = codec.decode(node('{"stringField":"first"}'));
  codecs().field(field('AllTypes', 'string_field')).decode('second, and longer');
  assert.is((JSON.parse(codec.encode(first)) as { stringField: string }).stringField, 'first');
});

function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

wire.run();
