import { create, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileQuery, type QueryOptions } from '../../../gateway/binding/query.js';
import { InvalidInput } from '../../../gateway/json/codec.js';
import { processorTime } from '../../support/processor-time.js';
import { asJson, message, proto3, refused, registry, strict, violations } from '../json/sample.js';

const query = suite('query parameters');
const allTypes = message('AllTypes');
const list = message('ListIdentitiesRequest');
const loose: QueryOptions = { ...proto3, emptyIsAbsent: false, registry };
const contract: QueryOptions = { ...strict, emptyIsAbsent: true, registry };
const readers = new Map([allTypes, list].map((desc) => [desc, compileQuery(desc, loose)]));
const received = (raw: string, desc = allTypes, excluded: string[][] = []) =>
  asJson(desc, readers.get(desc)!(raw, excluded));

/** A query, and the request that arrived or what was refused and why, as grpc-gateway 2.30 answered. */
type Row = [raw: string, expected: unknown];

const names: Row[] = [
  ['', {}],
  ['?'.slice(1), {}],
  ['string_field=a', { stringField: 'a' }],
  ['stringField=a', { stringField: 'a' }],
  ['renamed=a', { customName: 'a' }],
  ['customName=a', { customName: 'a' }],
  ['StringField=a&custom_name=b&nope=1&$alt=json&=1&&', {}],
  ['nested.child.child.name=deep', { nested: { child: { child: { name: 'deep' } } } }],
  ['nested.name=a&nested.value=2', { nested: { name: 'a', value: 2 } }],
  ['nested.nope=1', { nested: {} }],
  ['nested.name.x=1', 'nested.name type'],
  ['string_field.x=1', 'string_field type'],
  ['repeated_nested.name=x', 'repeated_nested type'],
  ['timestamp_field.seconds=5', { timestampField: '1970-01-01T00:00:05Z' }],
];

const escapes: Row[] = [
  ['string_field=a+b%2Bc%26%3D', { stringField: 'a b+c&=' }],
  ['string_field=a=b', { stringField: 'a=b' }],
  ['string_field', {}],
  ['%73tring_field=x', { stringField: 'x' }],
  ['string_field=%E2%82%AC%00', { stringField: '€\0' }],
  ['string_field=%zz', ' syntax'],
  ['string_field=%2', ' syntax'],
  ['nope=%', ' syntax'],
  ['string_field=a;b', ' syntax'],
  ['string_field=%ff', ' syntax'],
  ['string_field=%ed%a0%80', ' syntax'],
];

const values: Row[] = [
  [
    'int32_field=-5&uint32_field=4294967295&int64_field=9007199254740993',
    { int32Field: -5, uint32Field: 4294967295, int64Field: '9007199254740993' },
  ],
  ['int32_field=', 'int32_field type'],
  ['int32_field=0x10', 'int32_field type'],
  ['int32_field=1.0', 'int32_field type'],
  ['int32_field=2147483648', 'int32_field range'],
  ['int32_field=010', { int32Field: 10 }],
  ['uint32_field=-1', 'uint32_field type'],
  ['int64_field=9223372036854775808', 'int64_field range'],
  [`int64_field=${'9'.repeat(10_000)}`, 'int64_field type'],
  ['bool_field=t', { boolField: true }],
  ['bool_field=True', { boolField: true }],
  ['bool_field=yes', 'bool_field type'],
  ['bool_field=', 'bool_field type'],
  ['double_field=1e3', { doubleField: 1000 }],
  ['double_field=-inf', { doubleField: '-Infinity' }],
  ['double_field=1_0.5', { doubleField: 10.5 }],
  ['double_field=1__0', 'double_field type'],
  ['double_field=1e400', 'double_field type'],
  ['float_field=1e39', 'float_field type'],
  ['kind=KIND_PERSON', { kind: 'KIND_PERSON' }],
  ['kind=2', { kind: 'KIND_COMPANY' }],
  ['kind=99', 'kind enum'],
  ['kind=kind_person', 'kind enum'],
  ['bytes_field=%2B%2F8%3D', { bytesField: '+/8=' }],
  ['bytes_field=-_8%3D', { bytesField: '+/8=' }],
  ['bytes_field=-_8', 'bytes_field type'],
  ['optional_int32=0&optional_string=', { optionalInt32: 0, optionalString: '' }],
];

const messages: Row[] = [
  ['timestamp_field=2024-01-02T03:04:05.5Z', { timestampField: '2024-01-02T03:04:05.500Z' }],
  ['timestamp_field=yesterday', 'timestamp_field type'],
  ['timestamp_field=10000-01-01T00:00:00Z', 'timestamp_field type'],
  ['duration_field=1h30m', { durationField: '5400s' }],
  ['duration_field=-1.5s', { durationField: '-1.500s' }],
  ['duration_field=1h1m1s1ms1us1ns', { durationField: '3661.001001001s' }],
  ['duration_field=1%C2%B5s', { durationField: '0.000001s' }],
  ['duration_field=0', { durationField: '0s' }],
  ['duration_field=5', 'duration_field type'],
  ['duration_field=1d', 'duration_field type'],
  ['duration_field=9999999h', 'duration_field type'],
  ['duration_field=-2562047h47m16.854775808s', { durationField: '-9223372036.854775808s' }],
  ['duration_field=2562047h47m16.854775808s', 'duration_field type'],
  ['mask_field=display_name,address.city_name', { maskField: 'displayName,address.cityName' }],
  [
    'string_wrapper=&int64_wrapper=9007199254740993&bool_wrapper=0',
    { stringWrapper: '', int64Wrapper: '9007199254740993', boolWrapper: false },
  ],
  ['value_field=5', { valueField: 5 }],
  ['value_field={"a":[null]}', { valueField: { a: [null] } }],
  ['value_field=abc', 'value_field type'],
  ['struct_field={"a":1}', { structField: { a: 1 } }],
  ['struct_field={"a":1} x', 'struct_field type'],
  ['list_field=[1]', 'list_field type'],
  ['nested=x', 'nested type'],
  ['any_field=x', 'any_field type'],
  ['empty_field=', 'empty_field type'],
];

const repetitions: Row[] = [
  ['repeated_string=a&repeated_string=&repeated_string=b,c', { repeatedString: ['a', '', 'b,c'] }],
  ['repeated_string[]=a', { repeatedString: ['', 'a'] }],
  ['repeated_kind=1&repeated_kind=KIND_COMPANY', { repeatedKind: ['KIND_PERSON', 'KIND_COMPANY'] }],
  ['repeated_int64=1&repeated_int64=x', 'repeated_int64 type'],
  ['repeated_nested=x', 'repeated_nested type'],
  ['int32_field=1&int32_field=2', 'int32_field duplicate'],
  ['int32_field[x]=1', 'int32_field duplicate'],
  ['map_string[a]=b&map_string[c.d]=e', { mapString: { a: 'b', 'c.d': 'e' } }],
  ['map_string%5Ba%5D=b', { mapString: { a: 'b' } }],
  ['map_string[a][b]=c', {}],
  ['map_string[a]=b&map_string[a]=c', 'map_string type'],
  ['map_string=x', 'map_string type'],
  ['map_nested[1]=x', 'map_nested type'],
  ['map_nested[x]=y', 'map_nested.x type'],
  ['oneof_string=a&oneof_int32=5', 'oneof_int32 oneof'],
  ['oneof_string=a&oneofString=b', 'oneof_string oneof'],
  ['oneof_nested.name=a&oneof_nested.value=2', { oneofNested: { name: 'a', value: 2 } }],
  ['oneof_nested.name=a&oneof_string=b', 'oneof_string oneof'],
];

for (const [title, rows] of Object.entries({ names, escapes, values, messages, repetitions })) {
  query(`${title} are read as grpc-gateway does`, () => {
    for (const [raw, expected] of rows) {
      if (typeof expected === 'string')
        assert.equal(
          violations(() => received(raw)),
          [expected],
          raw,
        );
      else assert.equal(received(raw), expected, raw);
    }
  });
}

query('what the path or the body holds is ignored, and so is all below it', () => {
  assert.equal(
    received('string_field=evil&nested.name=x&int32_field=4', allTypes, [['string_field'], ['nested']]),
    { int32Field: 4 },
  );
  assert.equal(received('nested.name=x&nested.value=2', allTypes, [['nested', 'name']]), {
    nested: { value: 2 },
  });
});

query('a choice that the path has made is not made again', () => {
  assert.equal(
    violations(() => received('oneof_int32=5', allTypes, [['oneof_string']])),
    ['oneof_int32 oneof'],
  );
  assert.equal(received('oneof_string=b', allTypes, [['oneof_string']]), {});
});

query('every parameter that cannot be read is reported', () => {
  const error = refused(() => received('page_size=x&filter.range.min=y&active=z', list));
  assert.equal(
    error.violations.map(({ field }) => field),
    ['page_size', 'filter.range.min', 'active'],
  );
  assert.is(
    error.message,
    'pageSize: must be an integer; filter.range.min: must be an integer; active: must be true or false',
  );
});

query('an empty value is none where a contract says so', () => {
  const read = compileQuery(list, contract);
  assert.equal(
    asJson(list, read('pageSize=&active=&verbose=&filter.displayName=&tags=&tags=a&labelSelector[x]=', [])),
    { tags: ['a'] },
  );
});

query('a contract takes its own names only', () => {
  const read = (raw: string, names: 'json' | 'proto') =>
    asJson(list, compileQuery(list, { ...contract, names })(raw, []));
  assert.equal(read('page_size=1&pageToken=a', 'json'), { pageToken: 'a' });
  assert.equal(read('page_size=1&pageToken=a', 'proto'), { pageSize: 1 });
});

query('a contract takes 1, 0, true and false for booleans, names for enums, seconds for durations', () => {
  const read = (raw: string) => asJson(list, compileQuery(list, contract)(raw, []));
  assert.equal(read('verbose=1&active=0&maxAge=1.5s&kinds=KIND_PERSON'), {
    verbose: true,
    active: false,
    maxAge: '1.500s',
    kinds: ['KIND_PERSON'],
  });
  for (const raw of ['verbose=t', 'verbose=True', 'kinds=1', 'maxAge=1h']) {
    assert.is(violations(() => read(raw)).length, 1, raw);
  }
});

query("a name that is a field's own wins over its brackets", () => {
  const odd = createFileRegistry(
    create(FileDescriptorProtoSchema, {
      name: 'odd.proto',
      package: 'odd',
      syntax: 'proto3',
      messageType: [
        {
          name: 'Filters',
          field: [
            {
              name: 'filter_enabled',
              number: 1,
              type: 8,
              label: 1,
              jsonName: 'filter[enabled]',
              proto3Optional: true,
              oneofIndex: 0,
            },
            {
              name: 'filter',
              number: 2,
              type: 11,
              label: 3,
              typeName: '.odd.Filters.FilterEntry',
              jsonName: 'filter',
            },
          ],
          oneofDecl: [{ name: '_filter_enabled' }],
          nestedType: [
            {
              name: 'FilterEntry',
              field: [
                { name: 'key', number: 1, type: 9, label: 1, jsonName: 'key' },
                { name: 'value', number: 2, type: 9, label: 1, jsonName: 'value' },
              ],
              options: { mapEntry: true },
            },
          ],
        },
      ],
    }),
    () => undefined,
  );
  const desc = odd.getMessage('odd.Filters')!;
  const read = compileQuery(desc, { ...contract, registry: odd });
  const json = (raw: string) => asJson(desc, read(raw, []));
  assert.equal(json('filter%5Benabled%5D=1'), { 'filter[enabled]': true });
  assert.equal(json('filter[enabled]=0&filter[other]=x'), {
    'filter[enabled]': false,
    filter: { other: 'x' },
  });
});

query('nothing that is sent crashes, or takes long', () => {
  const raw = fc.string({ unit: fc.constantFrom(...'abn=&%[].;+{}"0123456789_'), maxLength: 60 });
  const known = fc.constantFrom('nested.', 'map_string[', 'value_field=', 'oneof_nested.', 'repeated_int64=');
  fc.assert(
    fc.property(fc.tuple(known, raw), ([prefix, rest]) => {
      try {
        received(prefix + rest);
      } catch (error) {
        assert.instance(error, InvalidInput);
      }
    }),
    { numRuns: 3000 },
  );
  const long = [
    `${'nested.child.'.repeat(9000)}name=x`,
    `${'['.repeat(100_000)}=x`,
    'a=&'.repeat(40_000),
    'string_field=a&'.repeat(8000),
  ];
  for (const each of [
    ...long,
    `nested.${'child.'.repeat(20_000)}`,
    `double_field=${'1'.repeat(100_000)}`,
    `map_string[${'['.repeat(99_000)}`,
  ]) {
    const spent = processorTime();
    try {
      received(each);
    } catch (error) {
      assert.instance(error, InvalidInput);
    }
    assert.ok(spent() < 500, `${each.slice(0, 20)}: ${spent()} ms`);
  }
  assert.equal(
    violations(() => received(`nested.${'child.'.repeat(100)}name=x`)),
    ['nested depth'],
  );
});

query.run();
