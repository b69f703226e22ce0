import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asJson, codecs, field, message, node, refused, strict, violations } from './sample.js';

const types = suite('strict types');
const allTypes = message('AllTypes');
const codec = codecs(strict).message(allTypes);
const received = (body: string) => asJson(allTypes, codec.decode(node(body)));

types('takes no number in quotes and no text for what is not text', () => {
  const body = `{"int32Field":"1","int64Field":"1","uint32Field":"1","doubleField":"1.5","floatField":"NaN",
    "boolField":"true","stringField":1,"int64Wrapper":"1","repeatedInt64":["1"]}`;
  const found = violations(() => codec.decode(node(body)));
  assert.equal(found, [
    'int32_field type',
    'int64_field type',
    'uint32_field type',
    'double_field type',
    'float_field type',
    'bool_field type',
    'string_field type',
    'int64_wrapper type',
    'repeated_int64[0] type',
  ]);
  assert.equal(received('{"int32Field":10.0,"int64Field":9007199254740993,"doubleField":1e3}'), {
    int32Field: 10,
    int64Field: '9007199254740993',
    doubleField: 1000,
  });
});

types('takes only the names that the contract prints', () => {
  const body = '{"string_field":"a","stringField":"b","renamed":"c","customName":"d"}';
  assert.equal(received(body), { stringField: 'b', customName: 'd' });
  const proto = codecs({ ...strict, names: 'proto', unknownFields: 'refuse' }).message(allTypes);
  assert.equal(
    violations(() => proto.decode(node(body))),
    ['stringField unknown', 'customName unknown'],
  );
});

types('takes known enum names only', () => {
  assert.equal(received('{"kind":"KIND_PERSON"}'), { kind: 'KIND_PERSON' });
  for (const kind of ['2', '"kind_person"', '"2"', 'null']) {
    assert.is(violations(() => received(`{"kind":${kind}}`)).length, 1, kind);
  }
});

types('takes null where the field prints null', () => {
  const nullable = [
    'nested',
    'timestampField',
    'durationField',
    'structField',
    'listField',
    'maskField',
    'anyField',
  ];
  const wrappers = ['stringWrapper', 'int64Wrapper', 'boolWrapper', 'bytesWrapper', 'emptyField'];
  for (const name of [...nullable, ...wrappers]) assert.equal(received(`{"${name}":null}`), {}, name);
});

types('takes null for a list or map as if it were not there', () => {
  for (const name of ['repeatedString', 'repeatedNested', 'mapString', 'mapNested']) {
    assert.equal(received(`{"${name}":null}`), {}, name);
  }
});

types('refuses null for scalars, optional fields and members of a oneof', () => {
  const names = ['stringField', 'int32Field', 'boolField', 'bytesField', 'doubleField', 'kind'];
  const marked = ['optionalString', 'optionalInt32', 'oneofString', 'oneofNested'];
  for (const name of [...names.slice(0, -1), ...marked]) {
    const { violations: found } = refused(() => received(`{"${name}":null}`));
    assert.equal(
      found.map(({ rule, description }) => [rule, description]),
      [['null', 'must not be null']],
      name,
    );
  }
});

types('takes null for a value of its own where the type has one', () => {
  assert.equal(received('{"valueField":null}'), { valueField: null });
  assert.equal(received('{"oneofNull":null}'), { oneofNull: null });
});

types('refuses null inside lists and maps of what cannot be null', () => {
  assert.equal(
    violations(() => received('{"repeatedString":[null],"repeatedNested":[null],"mapString":{"a":null}}')),
    ['repeated_string[0] type', 'repeated_nested[0] type', 'map_string.a type'],
  );
});

types('reports every breach of a body at once, but not endlessly many', () => {
  const body = `{"stringField":1,"nested":{"name":2,"child":{"value":"x"}},"repeatedNested":[{"name":3},{"value":null}]}`;
  assert.equal(
    violations(() => received(body)),
    [
      'string_field type',
      'nested.name type',
      'nested.child.value type',
      'repeated_nested[0].name type',
      'repeated_nested[1].value null',
    ],
  );
  const error = refused(() => received(`{"repeatedString":[${'1,'.repeat(200_000)}1]}`));
  assert.is(error.violations.length, 100);
  assert.ok(error.message.length < 10_000);
});

types('demands an array of a body that is a list, so that an empty body never empties it', () => {
  const list = codecs(strict).field(field('AllTypes', 'repeated_nested'));
  assert.equal(
    violations(() => list.decode(undefined)),
    ['repeated_nested missing'],
  );
  assert.equal(
    violations(() => list.decode(null)),
    ['repeated_nested type'],
  );
  assert.equal(
    violations(() => list.decode(node('{"repeatedNested":[]}'))),
    ['repeated_nested type'],
  );
  assert.is(list.decode([]).length, 0);
  const map = codecs(strict).field(field('AllTypes', 'map_string'));
  assert.equal(
    violations(() => map.decode(undefined)),
    ['map_string missing'],
  );
  assert.equal(
    violations(() => map.decode(null)),
    ['map_string type'],
  );
});

types('takes an empty body for a message that is set and empty, but not null', () => {
  const nested = codecs(strict).field(field('AllTypes', 'nested'));
  assert.equal(asJson(allTypes, nested.decode(undefined)), { nested: {} });
  assert.equal(
    violations(() => nested.decode(null)),
    ['nested type'],
  );
});

types('calls a body that is one field by no name in the message, since callers do not write it', () => {
  const list = codecs(strict).field(field('AllTypes', 'repeated_nested'));
  assert.is(refused(() => list.decode(node('[{"name":1}]'))).message, '[0].name: must be a string');
  const nested = codecs(strict).field(field('AllTypes', 'nested'));
  assert.is(
    refused(() => nested.decode(node('{"child":{"name":1}}'))).message,
    'child.name: must be a string',
  );
  assert.is(refused(() => nested.decode(5)).message, 'must be an object');
});

types('shortens long names from outside in errors', () => {
  const refusing = codecs({ ...strict, unknownFields: 'refuse' }).message(allTypes);
  const long = 'k'.repeat(100_000);
  const error = refused(() => refusing.decode(node(`{"${long}":1}`)));
  assert.ok(error.message.length < 100 && error.violations[0]!.field.length < 80);
});

types.run();
