import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asJson, codecs, message, node, violations } from './sample.js';

const wellKnown = suite('well-known types');
const by = codecs();
const of = (name: string) => message(`google.protobuf.${name}`);
const round = (name: string, json: string) =>
  by.message(of(name)).encode(by.message(of(name)).decode(node(json)));
const refuses = (name: string, texts: readonly string[], rule = 'type') => {
  for (const text of texts)
    assert.equal(
      violations(() => round(name, text)),
      [` ${rule}`],
      text,
    );
};

wellKnown('Timestamp: RFC 3339 with a zone, printed in UTC with 0, 3, 6 or 9 digits', () => {
  for (const [text, printed] of [
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05Z'],
    ['2024-01-02T03:04:05.1Z', '2024-01-02T03:04:05.100Z'],
    ['2024-01-02T03:04:05.000120Z', '2024-01-02T03:04:05.000120Z'],
    ['2024-01-02T03:04:05.123456789Z', '2024-01-02T03:04:05.123456789Z'],
    ['2024-01-02T03:04:05+01:30', '2024-01-02T01:34:05Z'],
    ['2024-02-29T23:59:59-00:01', '2024-03-01T00:00:59Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
  ]) {
    assert.is(round('Timestamp', `"${text}"`), `"${printed}"`);
  }
});

wellKnown('Timestamp: the seconds are read alike in however many bytes they come', () => {
  const print = (...varint: number[]) =>
    by.message(of('Timestamp')).encode(Uint8Array.from([0x08, ...varint]));
  for (const spare of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const zeros = new Array<number>(spare).fill(0x80);
    assert.is(print(0x81, ...zeros, 0), '"1970-01-01T00:00:01Z"', `${spare} bytes to spare`);
  }
  const minusOne = [...new Array<number>(9).fill(0xff), 1];
  assert.is(print(...minusOne), '"1969-12-31T23:59:59Z"');
  for (const bytes of [[], [0x81], new Array<number>(7).fill(0x80), [...minusOne.slice(0, 9), 0x81, 0]])
    assert.throws(() => print(...bytes), /truncated|longer than ten/);
});

wellKnown('Timestamp: refuses other forms, days that are not, and other years', () => {
  const wrong = [
    '2024-01-02T03:04:05',
    '2024-01-02t03:04:05Z',
    '2024-01-02T03:04:05z',
    '2024-01-02 03:04:05Z',
  ];
  const none = [
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-00-01T00:00:00Z',
  ];
  const over = [
    '2024-01-02T24:00:00Z',
    '2024-01-02T00:60:00Z',
    '2024-01-02T00:00:60Z',
    '2024-01-02T00:00:00+25:00',
    '2024-01-02T00:00:00.1234567890Z',
  ];
  refuses(
    'Timestamp',
    [...wrong, ...none, ...over, '10000-01-01T00:00:00Z'].map((text) => `"${text}"`),
  );
  refuses('Timestamp', ['1', 'null', '{}', '{"seconds":1}']);
  const outside = ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'];
  refuses(
    'Timestamp',
    outside.map((text) => `"${text}"`),
    'range',
  );
});

wellKnown('Timestamp: agrees with Date for any instant', () => {
  const options = {
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(options), (date) => {
      const printed = JSON.parse(round('Timestamp', JSON.stringify(date.toISOString()))) as string;
      assert.is(new Date(printed).getTime(), date.getTime());
    }),
  );
});

wellKnown('Duration: seconds with up to nine digits and a sign', () => {
  for (const [text, printed] of [
    ['1s', '1s'],
    ['1.5s', '1.500s'],
    ['-1.5s', '-1.500s'],
    ['-0.000001s', '-0.000001s'],
    ['+.5s', '0.500s'],
    ['1.s', '1s'],
    ['-0s', '0s'],
    ['315576000000s', '315576000000s'],
    ['1.123456789s', '1.123456789s'],
  ]) {
    assert.is(round('Duration', `"${text}"`), `"${printed}"`);
  }
  refuses('Duration', [
    '"1.5"',
    '"s"',
    '"-s"',
    '"01s"',
    '"1e2s"',
    '"1h"',
    '" 1s"',
    '"1.1234567890s"',
    '1',
    '{}',
  ]);
  refuses('Duration', ['"315576000001s"', '"-315576000001s"', '"99999999999999999999s"'], 'range');
});

wellKnown('FieldMask: camelCase names, both ways', () => {
  assert.equal(
    asJson(of('FieldMask'), by.message(of('FieldMask')).decode('displayName,address.cityName')),
    'displayName,address.cityName',
  );
  assert.is(round('FieldMask', '" a,bC "'), '"a,bC"');
  assert.is(round('FieldMask', '""'), '""');
  refuses('FieldMask', ['"display_name"', '"a,"', '"a..b"', '"a b"', '"1a"', '{"paths":["a"]}', '["a"]']);
});

wellKnown('wrappers: as the scalar inside, and null is no value of theirs', () => {
  assert.is(round('StringValue', '""'), '""');
  assert.is(round('Int64Value', '"9007199254740993"'), '"9007199254740993"');
  assert.is(round('Int64Value', '9007199254740993'), '"9007199254740993"');
  assert.is(round('BoolValue', 'false'), 'false');
  assert.is(round('BytesValue', '"-_8"'), '"+/8="');
  assert.is(round('DoubleValue', '"NaN"'), '"NaN"');
  assert.is(round('FloatValue', '0.1'), '0.1');
  assert.is(round('UInt32Value', '4294967295'), '4294967295');
  refuses('StringValue', ['null', '1', '{}', '{"value":"x"}']);
});

wellKnown('Any: fields beside the type, or the value of a type with a form of its own', () => {
  for (const json of [
    '{}',
    '{"@type":"type.googleapis.com/sample.v1.Nested","name":"n","value":7,"child":null}',
    '{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}',
    '{"@type":"type.googleapis.com/google.protobuf.Value","value":null}',
    '{"@type":"type.googleapis.com/google.protobuf.Empty","value":{}}',
    '{"@type":"a/google.protobuf.Any","value":{"@type":"b/sample.v1.Phone","number":"1"}}',
  ]) {
    assert.is(round('Any', json), json);
  }
  assert.is(
    round('Any', '{"@type":"x/google.protobuf.Empty"}'),
    '{"@type":"x/google.protobuf.Empty","value":{}}',
  );
  assert.is(
    round('Any', '{"name":"n","@type":"x/sample.v1.Phone"}'),
    '{"@type":"x/sample.v1.Phone","number":""}',
  );
  assert.is(round('Any', '{"a":1}'), '{}');
});

wellKnown('Any: refuses unknown types, a type given twice, a missing value, and breaches inside', () => {
  const nested = 'type.googleapis.com/sample.v1.Nested';
  refuses('Any', [
    '{"@type":"x/nope.Nope"}',
    '{"@type":1}',
    '{"@type":""}',
    `{"@type":"${nested}","@type":"${nested}"}`,
    '[]',
  ]);
  refuses('Any', ['{"@type":"x/google.protobuf.Duration"}'], 'missing');
  assert.equal(
    violations(() => round('Any', `{"@type":"${nested}","name":1}`)),
    ['name type'],
  );
  const twice = '{"@type":"x/google.protobuf.Duration","value":"1s","value":"2s"}';
  assert.equal(
    violations(() => round('Any', twice)),
    ['value duplicate'],
  );
});

wellKnown('Any: what is not known, or is not what it says, is passed on as base64', () => {
  const print = (url: string, value: Uint8Array) =>
    JSON.parse(
      by
        .message(of('Any'))
        .encode(
          Buffer.concat([
            Buffer.of(0x0a, url.length),
            Buffer.from(url),
            Buffer.of(0x12, value.length),
            value,
          ]),
        ),
    ) as unknown;
  assert.equal(print('x/nope.Nope', Buffer.of(8, 1)), { '@type': 'x/nope.Nope', value: 'CAE=' });
  assert.equal(print('x/sample.v1.Nested', Buffer.of(0x0a, 9)), {
    '@type': 'x/sample.v1.Nested',
    value: 'Cgk=',
  });
});

wellKnown('Empty: any object, its fields ignored', () => {
  assert.is(round('Empty', '{"a":1}'), '{}');
  refuses('Empty', ['null', '[]']);
});

wellKnown.run();
