import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { processorTime } from '../../support/processor-time.js';
import { codecs, field, message, node, proto3, refused, strict, violations } from './sample.js';

const freeForm = suite('free-form JSON');
const struct = message('google.protobuf.Struct');
const value = message('google.protobuf.Value');
const list = message('google.protobuf.ListValue');
const strictly = codecs(strict);
const asGo = codecs(proto3);

/** A value as it comes back after a way to bytes and back. */
const round = (json: string, desc = value, by = strictly) =>
  by.message(desc).encode(by.message(desc).decode(node(json)));

freeForm('survives value for value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (original) => {
      const json = JSON.stringify(original);
      if (json.includes('"__proto__"') || json.includes('\\u0000')) return;
      assert.equal(JSON.parse(round(json)), JSON.parse(json));
      assert.equal(JSON.parse(round(json, value, asGo)), JSON.parse(json));
    }),
    { numRuns: 500 },
  );
});

freeForm('keeps keys that mean something to databases and to JavaScript', () => {
  const json = '{"$where":1,"a.b":2,"":3,"constructor":4,"toString":null,"$ne":{"$gt":""},"1":5,"0":6}';
  assert.is(round(json, struct), json);
});

freeForm('keeps the order of keys and of items', () => {
  assert.is(round('{"b":[3,1,2],"a":{"z":0,"y":0}}', struct), '{"b":[3,1,2],"a":{"z":0,"y":0}}');
});

freeForm('refuses the key __proto__, at any depth, in strict types', () => {
  const error = refused(() => round('{"a":[{"__proto__":{"x":1}}]}', struct));
  assert.is(error.message, 'a[0].__proto__: must not have the key __proto__');
  assert.is(error.violations[0]!.rule, 'key');
  assert.is(round('{"__proto__":{"x":1}}', struct, asGo), '{"__proto__":{"x":1}}');
  assert.is(({} as Record<string, unknown>).x, undefined);
});

freeForm('refuses U+0000 in strings and keys in strict types', () => {
  assert.equal(
    violations(() => round('{"a":"x\\u0000y","b":["\\u0000"]}', struct)),
    ['a character', 'b[0] character'],
  );
  assert.equal(
    violations(() => round('{"a\\u0000":1}', struct)),
    ['a\0 character'],
  );
  assert.is(round('"\\u0000"', value, asGo), '"\\u0000"');
});

freeForm('refuses numbers that a double would alter in strict types', () => {
  const altered = [
    '9007199254740993',
    '0.1000000000000000055',
    '1e400',
    '-1e400',
    '1e-400',
    '123456789012345678',
  ];
  for (const text of [...altered, `0.${'1'.repeat(40)}`, `${'9'.repeat(400)}`]) {
    assert.equal(
      violations(() => round(`{"n":${text}}`, struct)),
      ['n range'],
      text,
    );
  }
  const kept = [
    '0',
    '-0',
    '1.0',
    '1e2',
    '1E+2',
    '0.1',
    '1.7976931348623157e308',
    '5e-324',
    '9007199254740992',
    '1e21',
  ];
  for (const text of [
    ...kept,
    '100000000000000000000000',
    '123456789012345680000',
    '0e99999999999',
    '1.50e1',
  ]) {
    assert.is(Number(round(text)), Number(text), text);
  }
});

freeForm('takes numbers as Go does in proto3 types: rounded, but not infinite', () => {
  assert.is(round('9007199254740993', value, asGo), '9007199254740992');
  assert.is(round('1e-400', value, asGo), '0');
  assert.equal(
    violations(() => round('[1e400]', value, asGo)),
    ['[0] range'],
  );
});

freeForm('takes 32 levels and refuses 33 in strict types', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const arrays = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  assert.is(round(nested(32), struct), nested(32));
  assert.is(round(nested(32)), nested(32));
  assert.is(round(arrays(32), list), arrays(32));
  const deep = refused(() => round(nested(33), struct)).violations;
  assert.equal(
    deep.map(({ field: path, rule }) => [path.split('.').length, rule]),
    [[32, 'depth']],
  );
  assert.equal(violations(() => round(arrays(33), list)).length, 1);
  assert.equal(violations(() => round(nested(33))).length, 1);
  assert.is(round(nested(60), struct, asGo), nested(60));
});

freeForm('counts levels from the field, not from the body', () => {
  const nested = `${'{"a":'.repeat(32)}1${'}'.repeat(32)}`;
  const parent = strictly.message(message('AllTypes'));
  assert.ok(parent.decode(node(`{"structField":${nested},"valueField":${nested}}`)));
  assert.equal(violations(() => parent.decode(node(`{"structField":{"b":${nested}}}`))).length, 1);
});

freeForm('refuses duplicate keys, and names the place', () => {
  for (const by of [strictly, asGo]) {
    assert.equal(
      violations(() => round('{"a":{"b":1,"b":2}}', struct, by)),
      ['a.b duplicate'],
    );
  }
});

freeForm('refuses what is no object for a Struct and no array for a ListValue', () => {
  for (const json of ['[]', '1', '"x"', 'null', 'true'])
    assert.equal(
      violations(() => round(json, struct)),
      [' type'],
    );
  for (const json of ['{}', '1', 'null'])
    assert.equal(
      violations(() => round(json, list)),
      [' type'],
      json,
    );
});

freeForm('prints a bare null for a Value that is null', () => {
  const codec = strictly.field(field('AllTypes', 'value_field'));
  assert.is(codec.encode(codec.decode(null)), 'null');
});

freeForm('takes linear time for many keys and items', () => {
  const keys = `{${Array.from({ length: 50_000 }, (_, i) => `"key${i}":{"a":[]}`).join(',')}}`;
  const items = `[${'[],'.repeat(200_000)}[]]`;
  const spent = processorTime();
  round(keys, struct);
  round(items);
  assert.ok(spent() < 3000, `${spent()} ms`);
});

freeForm.run();
