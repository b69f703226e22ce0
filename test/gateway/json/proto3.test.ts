import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asJson, codecs, field, message, node, proto3, refused, violations } from './sample.js';

const json = suite('proto3 JSON');
const allTypes = message('AllTypes');
const codec = codecs().message(allTypes);

/** What arrives behind the gateway for a body, and what it prints for that. */
const received = (body: string) => asJson(allTypes, codec.decode(node(body)));
const printed = (body: string) =>
  JSON.parse(codec.encode(codec.decode(node(body)))) as Record<string, unknown>;

// Every row is what grpc-gateway 2.30 answered: body, the request that arrived, or the field refused and why.
const rows: [body: string, expected: unknown][] = [
  ['{"stringField":"a","int32Field":1}', { stringField: 'a', int32Field: 1 }],
  ['{"string_field":"a","customName":"c"}', { stringField: 'a', customName: 'c' }],
  ['{"renamed":"c"}', { customName: 'c' }],
  ['{"StringField":"a","nope":{"x":[1]},"":1}', {}],
  ['{"nope":1,"nope":2}', {}],
  ['{"stringField":"a","string_field":"b"}', 'string_field duplicate'],
  ['{"stringField":null,"stringField":"b"}', 'string_field duplicate'],
  ['{"stringField":5}', 'string_field type'],
  ['{"int32Field":"12"}', { int32Field: 12 }],
  ['{"int32Field":1.0}', { int32Field: 1 }],
  ['{"int32Field":1e2}', { int32Field: 100 }],
  ['{"int32Field":10e-1}', { int32Field: 1 }],
  ['{"int32Field":-2147483648}', { int32Field: -2147483648 }],
  ['{"int32Field":2147483648}', 'int32_field range'],
  ['{"int32Field":1.5}', 'int32_field type'],
  ['{"int32Field":" 1"}', 'int32_field type'],
  ['{"int32Field":""}', 'int32_field type'],
  ['{"int32Field":true}', 'int32_field type'],
  ['{"int32Field":1e999999999}', 'int32_field type'],
  ['{"int64Field":1e30}', 'int64_field type'],
  ['{"int64Field":9007199254740993}', { int64Field: '9007199254740993' }],
  ['{"int64Field":"-9223372036854775808"}', { int64Field: '-9223372036854775808' }],
  ['{"int64Field":9223372036854775808}', 'int64_field range'],
  ['{"uint64Field":18446744073709551615}', { uint64Field: '18446744073709551615' }],
  ['{"uint64Field":-1}', 'uint64_field range'],
  ['{"uint32Field":4294967295}', { uint32Field: 4294967295 }],
  ['{"fixed64Field":"5","sint64Field":-5}', { fixed64Field: '5', sint64Field: '-5' }],
  ['{"doubleField":"1.5"}', { doubleField: 1.5 }],
  ['{"doubleField":"NaN"}', { doubleField: 'NaN' }],
  ['{"doubleField":"-Infinity"}', { doubleField: '-Infinity' }],
  ['{"doubleField":"nan"}', 'double_field type'],
  ['{"doubleField":1e400}', 'double_field range'],
  ['{"floatField":1e39}', 'float_field range'],
  ['{"boolField":true}', { boolField: true }],
  ['{"boolField":"true"}', 'bool_field type'],
  ['{"boolField":1}', 'bool_field type'],
  ['{"kind":"KIND_PERSON"}', { kind: 'KIND_PERSON' }],
  ['{"kind":2}', { kind: 'KIND_COMPANY' }],
  ['{"kind":7}', { kind: 7 }],
  ['{"kind":"kind_person"}', {}],
  ['{"kind":"2"}', {}],
  ['{"kind":true}', 'kind enum'],
  ['{"repeatedKind":["KIND_PERSON","NOPE",2]}', { repeatedKind: ['KIND_PERSON', 'KIND_COMPANY'] }],
  ['{"bytesField":"+/8="}', { bytesField: '+/8=' }],
  ['{"bytesField":"-_8"}', { bytesField: '+/8=' }],
  ['{"bytesField":"+_8="}', 'bytes_field type'],
  ['{"bytesField":"AAA=="}', 'bytes_field type'],
  ['{"bytesField":"A"}', 'bytes_field type'],
  ['{"nested":null,"repeatedString":null,"mapString":null,"timestampField":null,"kind":null}', {}],
  ['{"optionalString":null,"stringWrapper":null,"oneofString":null}', {}],
  ['{"optionalInt32":0,"optionalString":""}', { optionalInt32: 0, optionalString: '' }],
  ['{"repeatedString":["a",null]}', 'repeated_string[1] type'],
  ['{"repeatedString":"a"}', 'repeated_string type'],
  ['{"repeatedNested":[{},{"name":1}]}', 'repeated_nested[1].name type'],
  ['{"repeatedInt64":[1,"9007199254740993"]}', { repeatedInt64: ['1', '9007199254740993'] }],
  ['{"mapString":{"__proto__":"x","":"y"}}', { mapString: { ['__proto__']: 'x', '': 'y' } }],
  ['{"mapString":{"a":null}}', 'map_string.a type'],
  ['{"mapString":{"a":"b","a":"c"}}', 'map_string.a duplicate'],
  ['{"mapNested":{"1":{"name":"n"}}}', { mapNested: { 1: { name: 'n' } } }],
  ['{"mapNested":{"1":{},"01":{}}}', 'map_nested.01 duplicate'],
  ['{"mapNested":{"x":{}}}', 'map_nested.x key'],
  ['{"oneofString":"a","oneofInt32":1}', 'oneof_int32 oneof'],
  ['{"oneofString":"a","oneofInt32":null}', { oneofString: 'a' }],
  ['{"oneofNull":null,"oneofString":"a"}', 'oneof_string oneof'],
  ['{"oneofInt32":0}', { oneofInt32: 0 }],
  ['{"nullField":null,"oneofNull":null}', { oneofNull: null }],
  ['{"emptyField":{}}', { emptyField: {} }],
  ['{"emptyField":{"a":1}}', { emptyField: {} }],
  ['{"nested":{"child":{"name":"deep"}}}', { nested: { child: { name: 'deep' } } }],
  ['{"nested":[]}', 'nested type'],
  ['null', ' type'],
  ['[]', ' type'],
  ['"x"', ' type'],
];

json('reads bodies as grpc-gateway does', () => {
  for (const [body, expected] of rows) {
    if (typeof expected === 'string')
      assert.equal(
        violations(() => received(body)),
        [expected],
        body,
      );
    else assert.equal(received(body), expected, body);
  }
});

json('takes an empty body for an empty message', () => {
  assert.is(codec.decode(undefined).length, 0);
});

json('prints every field: zero values, empty lists and maps, null for unset messages', () => {
  assert.equal(printed('{}'), {
    ...{
      stringField: '',
      int32Field: 0,
      int64Field: '0',
      uint32Field: 0,
      uint64Field: '0',
      sint64Field: '0',
    },
    ...{ fixed64Field: '0', floatField: 0, doubleField: 0, boolField: false, bytesField: '' },
    ...{ kind: 'KIND_UNSPECIFIED', nested: null, repeatedString: [], repeatedInt64: [], repeatedKind: [] },
    ...{ repeatedNested: [], mapString: {}, mapNested: {}, timestampField: null, durationField: null },
    ...{ structField: null, valueField: null, listField: null, maskField: null, anyField: null },
    ...{ stringWrapper: null, int64Wrapper: null, boolWrapper: null, bytesWrapper: null, emptyField: null },
    ...{ nullField: null, customName: '' },
  });
});

json('prints members of oneofs and optional fields only where they are set', () => {
  const set = printed('{"optionalString":"","oneofNested":{}}');
  assert.is(set.optionalString, '');
  assert.equal(set.oneofNested, { name: '', value: 0, child: null });
  assert.not('oneofString' in set || 'optionalInt32' in set);
});

json('prints proto names where it is told to', () => {
  const text = codecs({ ...proto3, names: 'proto' })
    .message(message('Range'))
    .encode(Uint8Array.of(8, 5));
  assert.is(text, '{"min":"5","max":"0"}');
  const all = codecs({ ...proto3, names: 'proto' })
    .message(allTypes)
    .encode(new Uint8Array(0));
  assert.match(all, '"string_field":""');
  assert.match(all, '"renamed":""');
});

json('prints text without escaping more than JSON needs', () => {
  assert.match(
    codec.encode(codec.decode(node('{"stringField":"<a href=\\"x\\">&\u2028\u007f\\u0001é😀"}'))),
    '"<a href=\\"x\\">&\u2028\u007f\\u0001é😀"',
  );
});

json('prints numbers as Go does', () => {
  const text = (body: string) => codec.encode(codec.decode(node(body)));
  for (const [number, float, double] of [
    ['0.1', '0.1', '0.1'],
    ['1e21', '1e+21', '1e+21'],
    ['1e-7', '1e-7', '1e-7'],
    ['-0', '-0', '-0'],
    ['16777217', '16777216', '16777217'],
    ['3.4028235e38', '3.4028235e+38', '3.4028235e+38'],
    ['123456789', '123456790', '123456789'],
  ]) {
    assert.match(
      text(`{"floatField":${number},"doubleField":${number}}`),
      `"floatField":${float},"doubleField":${double},`,
    );
  }
});

json('ignores or refuses unknown fields and enum names as it is told', () => {
  const refusing = codecs({ ...proto3, unknownFields: 'refuse' }).message(allTypes);
  const body = '{"nope":1,"nested":{"nope":2},"kind":"NOPE","emptyField":{"a":1}}';
  assert.equal(
    violations(() => refusing.decode(node(body))),
    ['nope unknown', 'nested.nope unknown', 'kind enum', 'empty_field.a unknown'],
  );
});

json('names the fields in the message as callers write them, and never the values', () => {
  const error = refused(() => codec.decode(node('{"repeatedNested":[{"value":"s3cret"}],"customName":5}')));
  assert.is(error.message, 'repeatedNested[0].value: must be an integer; customName: must be a string');
});

json('reads a body that is one field, and sets an empty message for an empty body', () => {
  const nested = codecs().field(field('AllTypes', 'nested'));
  assert.equal(asJson(allTypes, nested.decode(node('{"name":"n","nope":2}'))), { nested: { name: 'n' } });
  assert.equal(asJson(allTypes, nested.decode(undefined)), { nested: {} });
  assert.equal(
    violations(() => nested.decode(null)),
    ['nested type'],
  );
  assert.equal(
    violations(() => nested.decode(node('{"name":1}'))),
    ['nested.name type'],
  );
  const text = codecs().field(field('AllTypes', 'string_field'));
  assert.equal(asJson(allTypes, text.decode('hello')), { stringField: 'hello' });
  assert.is(text.decode(undefined).length, 0);
  assert.is(text.decode(null).length, 0);
  const list = codecs().field(field('AllTypes', 'repeated_nested'));
  assert.equal(asJson(allTypes, list.decode(node('[{"name":"a"},{}]'))), {
    repeatedNested: [{ name: 'a' }, {}],
  });
  assert.is(list.decode(null).length, 0);
  assert.is(list.decode(undefined).length, 0);
  assert.equal(
    violations(() => list.decode(node('{"name":"a"}'))),
    ['repeated_nested type'],
  );
  const value = codecs().field(field('AllTypes', 'value_field'));
  assert.equal(asJson(allTypes, value.decode(null)), { valueField: null });
});

json('prints an answer that is one field by the rules of response_body', () => {
  const wrap = codecs().message(message('EchoWrap'));
  const answer = (name: string, body: string) =>
    codecs()
      .field(field('EchoWrap', name))
      .encode(wrap.decode(node(body)));
  assert.is(answer('big', '{"big":"9007199254740993"}'), '9007199254740993');
  assert.is(answer('kind', '{"kind":7}'), '"7"');
  assert.is(answer('kind', '{}'), '"KIND_UNSPECIFIED"');
  assert.is(answer('data', '{"data":"+/8="}'), '"+/8="');
  assert.is(answer('data', '{}'), '[]');
  assert.is(answer('text', '{}'), '""');
  assert.is(answer('texts', '{"texts":["a","b"]}'), '["a","b"]');
  assert.is(answer('messages', '{}'), '[]');
  assert.is(answer('unset', '{}'), '{"name":"","value":0,"child":null}');
  assert.is(answer('at', '{}'), '"1970-01-01T00:00:00Z"');
  assert.is(answer('counts', '{"counts":{"a":1}}'), '{"a":1}');
  const all = (name: string) => codecs().field(field('AllTypes', name)).encode(new Uint8Array(0));
  const unset = [
    'repeated_int64',
    'optional_int32',
    'value_field',
    'struct_field',
    'string_wrapper',
    'any_field',
  ];
  assert.equal(unset.map(all), ['[]', 'null', 'null', '{}', '""', '{}']);
  const longs = codecs().field(field('AllTypes', 'repeated_int64'));
  assert.is(longs.encode(codec.decode(node('{"repeatedInt64":[1,-1]}'))), '[1,-1]');
});

json.run();
