import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePathParameter } from '../../../gateway/binding/path.js';
import { compileQuery } from '../../../gateway/binding/query.js';
import { asJson, codecs, message, node, proto3, registry, violations } from '../json/sample.js';

const path = suite('path parameters');
const allTypes = message('AllTypes');
const received = (field: string, text: string) =>
  asJson(allTypes, compilePathParameter(allTypes, field)(text));

// As grpc-gateway 2.30 answered: field, text, the request that arrived or the breach.
const rows: [field: string, text: string, expected: unknown][] = [
  ['string_field', 'a b/c', { stringField: 'a b/c' }],
  ['string_field', '', {}],
  ['int64_field', '9007199254740993', { int64Field: '9007199254740993' }],
  ['int64_field', '0x10', { int64Field: '16' }],
  ['int64_field', '010', { int64Field: '8' }],
  ['int64_field', '0b101', { int64Field: '5' }],
  ['int64_field', '1_000', { int64Field: '1000' }],
  ['int64_field', '-0x1', { int64Field: '-1' }],
  ['int64_field', '1__0', 'int64_field type'],
  ['int64_field', '08', 'int64_field type'],
  ['int64_field', 'abc', 'int64_field type'],
  ['int64_field', '', 'int64_field type'],
  ['int32_field', '2147483648', 'int32_field range'],
  ['bool_field', 't', { boolField: true }],
  ['bool_field', 'yes', 'bool_field type'],
  ['double_field', '1e3', { doubleField: 1000 }],
  ['kind', 'KIND_PERSON', { kind: 'KIND_PERSON' }],
  ['kind', '2', { kind: 'KIND_COMPANY' }],
  ['kind', '99', 'kind enum'],
  ['bytes_field', '-_8=', { bytesField: '+/8=' }],
  ['bytes_field', '-_8', 'bytes_field type'],
  ['repeated_string', 'a,b,,c', { repeatedString: ['a', 'b', '', 'c'] }],
  ['timestamp_field', '2024-01-02T03:04:05Z', { timestampField: '2024-01-02T03:04:05Z' }],
  ['timestamp_field', '"2024-01-02T03:04:05Z"', { timestampField: '2024-01-02T03:04:05Z' }],
  ['duration_field', '"1.5s"', { durationField: '1.500s' }],
  ['double_field', '0x1.8p3', { doubleField: 12 }],
  ['double_field', '-0X.8P-1', { doubleField: -0.25 }],
  ['double_field', '0x_1Fp+0', { doubleField: 31 }],
  ['double_field', '0x10', 'double_field type'],
  ['double_field', '0xp1', 'double_field type'],
  ['double_field', '0x1p1024', 'double_field type'],
  ['double_field', '0x1.00000000000000001p0', 'double_field type'],
  ['timestamp_field', '2024-01-02T03:04:05.1234567890Z', 'timestamp_field type'],
  ['duration_field', '1.5s', { durationField: '1.500s' }],
  ['duration_field', '1h', 'duration_field type'],
  ['string_wrapper', 'x', { stringWrapper: 'x' }],
  ['optional_int32', '0', { optionalInt32: 0 }],
  ['oneof_string', 'x', { oneofString: 'x' }],
  ['nested.name', 'x', { nested: { name: 'x' } }],
  ['nested.value', '010', { nested: { value: 10 } }],
  ['nested.child.value', 'x', 'nested.child.value type'],
];

path('are read as grpc-gateway does', () => {
  for (const [field, text, expected] of rows) {
    const title = `${field} ${text}`;
    if (typeof expected === 'string')
      assert.equal(
        violations(() => received(field, text)),
        [expected],
        title,
      );
    else assert.equal(received(field, text), expected, title);
  }
});

path('win over the body and the query, by zero values too', () => {
  const body = codecs()
    .message(allTypes)
    .decode(
      node(
        '{"stringField":"b","int64Field":5,"nested":{"name":"b","value":2},"stringWrapper":"b","timestampField":"2024-01-02T03:04:05.5Z"}',
      ),
    );
  const query = compileQuery(allTypes, { ...proto3, emptyIsAbsent: false, registry })('bool_field=1', []);
  const parameters = [
    ['string_field', ''],
    ['int64_field', '0'],
    ['nested.name', ''],
    ['string_wrapper', ''],
    ['timestamp_field', '1970-01-01T00:00:00Z'],
  ].map(([field, text]) => compilePathParameter(allTypes, field!)(text!));
  assert.equal(asJson(allTypes, Buffer.concat([body, query, ...parameters])), {
    nested: { value: 2 },
    boolField: true,
    stringWrapper: '',
    timestampField: '1970-01-01T00:00:00Z',
  });
});

path('are refused at start where no text can stand for the field', () => {
  for (const field of [
    'nope',
    'nested.nope',
    'string_field.x',
    'nested',
    'map_string',
    'any_field',
    'repeated_nested.name',
  ]) {
    assert.throws(
      () => compilePathParameter(allTypes, field),
      (error: unknown) => error instanceof TypeError,
      field,
    );
  }
});

path.run();
