import {
  create,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asJson, codecs, message, node, registry, strict } from './sample.js';

const oracle = suite('against protobuf-es');
const loose = codecs();
const allTypes = message('AllTypes');

/** Any value of a scalar type, its limits often among them. */
function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return fc.string({ unit: 'grapheme', maxLength: 80 });
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 80 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return fc.double();
    case ScalarType.FLOAT:
      return fc.float();
    case ScalarType.INT32:
      return fc.integer();
    case ScalarType.UINT32:
      return fc.nat({ max: 0xffff_ffff });
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    default:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  }
}

const special: Record<string, fc.Arbitrary<JsonValue>> = {
  'google.protobuf.Timestamp': fc
    .date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
  'google.protobuf.Duration': fc.integer().map((millis) => `${(millis / 1000).toFixed(3)}s`),
  'google.protobuf.FieldMask': fc.constantFrom('', 'a', 'displayName,address.cityName'),
  'google.protobuf.Any': fc.constantFrom<JsonValue>(
    {},
    { '@type': 'type.googleapis.com/sample.v1.Nested', name: 'n' },
  ),
  'google.protobuf.Value': fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
  'google.protobuf.Struct': fc.dictionary(
    fc.string(),
    fc.jsonValue({ maxDepth: 2 }),
  ) as fc.Arbitrary<JsonValue>,
  'google.protobuf.ListValue': fc.array(fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<JsonValue>,
};

function anyMessage(desc: DescMessage, depth: number): fc.Arbitrary<Message> {
  const known = special[desc.typeName];
  if (known !== undefined) return known.map((json) => fromJson(desc, json, { registry }));
  const fields = desc.fields.map((field) =>
    fc.option(fieldSetter(field, depth), { nil: undefined, freq: 2 }),
  );
  return fc.tuple(...fields).map((setters) => {
    const made = create(desc);
    for (const set of setters) set?.(reflect(desc, made));
    return made;
  });
}

type Setter = (target: ReflectMessage) => void;

function fieldSetter(field: DescField, depth: number): fc.Arbitrary<Setter> {
  const single = value(field, depth);
  if (field.fieldKind === 'list') {
    return fc.array(single, { maxLength: 3 }).map((items) => (target) => {
      const list = target.get(field);
      for (const item of items) list.add(item as never);
    });
  }
  if (field.fieldKind === 'map') {
    return fc.array(fc.tuple(scalar(field.mapKey), single), { maxLength: 3 }).map((entries) => (target) => {
      const map = target.get(field);
      for (const [key, item] of entries) map.set(key as never, item as never);
    });
  }
  return single.map((item) => (target) => target.set(field, item as never));
}

function value(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.enum) return fc.constantFrom(...field.enum.values.map((one) => one.number), 0);
  if (field.scalar !== undefined) return scalar(field.scalar);
  const desc = field.message as DescMessage;
  const inner = depth > 2 ? fc.constant(create(desc)) : anyMessage(desc, depth + 1);
  const usable =
    desc.typeName === 'google.protobuf.Value' && depth > 2 ? fc.constant(fromJson(desc, 1)) : inner;
  return usable.map((made) => reflect(desc, made));
}

/** Fails where ours lacks something of theirs, or has more than a null for a message that is not set. */
function covers(ours: unknown, theirs: unknown, path: string): void {
  if (typeof theirs === 'object' && theirs !== null && !Array.isArray(theirs)) {
    for (const [name, item] of Object.entries(ours as object)) {
      const place = `${path}.${name}`;
      if (Object.hasOwn(theirs, name)) covers(item, (theirs as Record<string, unknown>)[name], place);
      else assert.is(item, null, place);
    }
    for (const name of Object.keys(theirs)) assert.ok(Object.hasOwn(ours as object, name), `${path}.${name}`);
  } else if (Array.isArray(theirs)) {
    assert.is((ours as unknown[]).length, theirs.length, path);
    theirs.forEach((item, i) => {
      covers((ours as unknown[])[i], item, `${path}[${i}]`);
    });
  } else if (path.endsWith('.floatField') && typeof ours === 'number') {
    // It prints a single as a double; the shortest text stands for the same single.
    assert.is(Math.fround(ours), Math.fround(theirs as number), path);
  } else assert.is(ours, theirs, path);
}

oracle('messages are printed as it prints them, but for the null of unset messages', () => {
  fc.assert(
    fc.property(anyMessage(allTypes, 0), (original) => {
      const ours = JSON.parse(loose.message(allTypes).encode(toBinary(allTypes, original))) as unknown;
      covers(ours, toJson(allTypes, original, { registry, alwaysEmitImplicit: true }), '');
    }),
    { numRuns: 300 },
  );
});

oracle('its JSON is read to bytes that are the same message', () => {
  fc.assert(
    fc.property(anyMessage(allTypes, 0), (original) => {
      const json = JSON.stringify(toJson(allTypes, original, { registry }));
      const back = asJson(allTypes, loose.message(allTypes).decode(node(json)));
      assert.equal(
        back,
        toJson(allTypes, fromJson(allTypes, JSON.parse(json) as JsonValue, { registry }), { registry }),
      );
    }),
    { numRuns: 300 },
  );
});

oracle('our own JSON is read back to the same message, strictly too where numbers are bare', () => {
  const identity = message('Identity');
  const strictly = codecs(strict).message(identity);
  fc.assert(
    fc.property(anyMessage(identity, 0), (original) => {
      const json = loose.message(identity).encode(toBinary(identity, original));
      const again = loose.message(identity).decode(node(json));
      assert.equal(JSON.parse(loose.message(identity).encode(again)), JSON.parse(json));
      const bare = json.replace(/"revision":"(-?\d+)"/, '"revision":$1');
      if (/__proto__|\\u0000|"(?:NaN|-?Infinity)"|"(?:lat|lng)"/.test(bare)) return;
      assert.equal(JSON.parse(strictly.encode(strictly.decode(node(bare)))), JSON.parse(json));
    }),
    { numRuns: 300 },
  );
});

oracle('whatever one of the two refuses, the other refuses', () => {
  const names = allTypes.fields.map((field) => field.jsonName);
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      '1',
      '1.5',
      '-1',
      'true',
      'KIND_PERSON',
      '1s',
      'AA==',
      '2024-01-02T03:04:05Z',
      '',
      1.5,
      -1,
      2 ** 31,
      2 ** 32,
    ),
    fc.constantFrom({}, [], [1], ['a'], { a: 'b' }, { 1: {} }, { name: 'n' }, [{ value: 1 }], null),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), values, (name, item) => {
      // protobuf-es reads numbers as doubles, and refuses those that may have lost digits; ours keeps the digits.
      fc.pre(typeof item !== 'number' || !Number.isInteger(item) || Number.isSafeInteger(item));
      const json = JSON.stringify({ [name]: item });
      const attempt = (act: () => JsonValue) => {
        try {
          return act();
        } catch {
          return 'refused';
        }
      };
      const theirs = attempt(() =>
        toJson(
          allTypes,
          fromJson(allTypes, JSON.parse(json) as JsonValue, { registry, ignoreUnknownFields: true }),
          { registry },
        ),
      );
      const ours = attempt(() => asJson(allTypes, loose.message(allTypes).decode(node(json))));
      // Go, which we follow, takes an Any without a type for an empty one, and trims a mask.
      if (name === 'anyField' || name === 'maskField') return;
      // It lets blanks be: in base64, and around 64-bit numbers, where none at all is 0; as JavaScript it knows 0x too.
      const blanks = /64/.test(name) ? /^\s|\s$|^0[box]|^$/i : name === 'bytesField' ? /\s/ : /[^\s\S]/;
      if (typeof item === 'string' && blanks.test(item)) {
        assert.is(ours, 'refused', json);
        return;
      }
      if (name === 'floatField' && typeof item === 'number' && Math.fround(item) !== item) return;
      assert.equal(ours, theirs, json);
    }),
    { numRuns: 4000 },
  );
});

oracle.run();
