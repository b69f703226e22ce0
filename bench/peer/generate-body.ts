import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { PeerRequest, Reason } from './peer-request.js';
import type { Sample } from './sample.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const nested = (levels: number) => `{"nope":${'['.repeat(levels)}${']'.repeat(levels)}}`;

/** Bodies that are no JSON, or JSON of the wrong kind. */
const WHOLE: readonly (readonly [what: string, body: string | Uint8Array, differs?: Reason])[] = [
  ['an empty body', ''],
  ['white space', ' \n\t'],
  ['null', 'null'],
  ['an array', '[]'],
  ['a text', '"x"'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['an object cut off', '{"a":'],
  ['a single quote', "{'a':1}"],
  ['a trailing comma', '{"a":1,}'],
  ['a comment', '{/**/}'],
  ['a leading zero', '{"nope":01}'],
  ['NaN', '{"nope":NaN}'],
  ['an unknown key', '{"nope":{"a":[1,2.5e300,"x",null]}}'],
  ['a key of many', `{"nope":[${'0,'.repeat(5000)}0]}`],
  ['a byte order mark', '\ufeff{}'],
  ['a raw control character', '{"nope":"a\u0001b"}'],
  ['a lone surrogate', '{"nope":"\\ud800"}'],
  ['an escaped surrogate pair', '{"nope":"\\ud83d\\ude00"}'],
  ['invalid UTF-8', latin1('{"nope":"\xff"}')],
  ['UTF-16', Buffer.from('{}', 'utf16le')],
  ['data after the value', '{} x', 'trailing data'],
  ['two values', '{}{}', 'trailing data'],
  ['60 levels', nested(60)],
  ['70 levels', nested(70), 'nesting'],
  ['100,000 levels', nested(100_000)],
];

/** Those of them that say nothing. */
const NOTHING = ['an empty body', 'white space', 'null'];

/** JSON of every kind, to stand where a field has another. */
const VALUES: readonly unknown[] = [
  null,
  true,
  1,
  1.5,
  -1,
  1e300,
  '',
  'x {{side}}',
  {},
  { a: 1 },
  [],
  [null],
  ['x'],
  [[]],
];
const NUMBER_VALUES: readonly unknown[] = ['1', '60', ' 1', '0x10', '1e2', 60.5];
const ENUM_VALUES: readonly unknown[] = ['NOPE', 99, 2, '2'];
const TIME_VALUES: readonly unknown[] = [
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.123456789+01:00',
  '2020-01-01',
  '1s',
];

/** The request with other bodies: no JSON at all, and each field of its own with a value of every kind. */
export function spoiledBodies(sample: Sample): PeerRequest[] {
  const { request, binding, cheapPath, example, contract } = sample;
  const { types, invalidStatus, names } = contract.settings;
  const strict = (...statuses: number[]): PeerRequest['differs'] =>
    types === 'strict' ? { reason: 'strict types', status: statuses } : undefined;
  if (binding.body === undefined) return [];
  const message = binding.body === '*' ? binding.rpc.input : (binding.body.message as DescMessage);
  const inPath = binding.template.variables.map(({ field }) => field);
  const fields = message.fields.filter(({ name }) => binding.body !== '*' || !inPath.includes(name));
  const query = example.query ? `?${example.query}` : '';
  const spoil = (what: string, body: PeerRequest['body'], differs?: PeerRequest['differs']): PeerRequest => ({
    ...request,
    title: `${request.title}: ${what}`,
    path: cheapPath() + query,
    body,
    ...(differs && { differs }),
  });
  const typedBodies = ['text/plain', 'application/xml', 'application/json; charset=latin1', ''].map(
    (type) => ({
      ...spoil(`the type ${type || 'none'}`, request.body),
      headers: { 'content-type': type },
    }),
  );
  const isList = binding.body !== '*' && binding.body.fieldKind === 'list';
  const whole = WHOLE.map(([what, body, given]) => {
    const reason = isList && types === 'strict' && NOTHING.includes(what) ? 'list body' : given;
    return spoil(what, body, reason && { reason, status: invalidStatus });
  });
  // A list has no fields to spoil.
  if (Array.isArray(request.body)) return [...typedBodies, ...whole];
  return [...typedBodies, ...whole, ...fields.flatMap(ofField)];

  function ofField(field: DescField): PeerRequest[] {
    const [name, other] = names === 'proto' ? [field.name, field.jsonName] : [field.jsonName, field.name];
    const base = (request.body ?? {}) as Record<string, unknown>;
    const values = [
      ...VALUES,
      ...(isNumber(field) ? NUMBER_VALUES : []),
      ...(field.enum ? ENUM_VALUES : []),
      ...(field.message && !/Value$/.test(field.message.typeName) ? TIME_VALUES : []),
    ];
    const typed = values.map((value) => {
      // Null is no text, but where a field may be absent it is its absence.
      if (value === null)
        return spoil(
          `${name} is null`,
          { ...base, [name]: null },
          strict(binding.option.successStatus, invalidStatus),
        );
      const loose = isNumber(field) && typeof value === 'string';
      const body = { ...base, [name]: value };
      return spoil(`${name} is ${JSON.stringify(value)}`, body, loose ? strict(invalidStatus) : undefined);
    });
    const { [name]: valid = 'x {{side}}', ...others } = base;
    const absent = spoil(`no ${name}`, others);
    const twice = `{"${name}":${JSON.stringify(valid)},${JSON.stringify({ [name]: valid, ...others }).slice(1)}`;
    const renamed =
      other === name
        ? []
        : [spoil(other, { ...others, [other]: valid }, strict(binding.option.successStatus, invalidStatus))];
    return [...typed, absent, spoil(`${name} twice`, twice), ...renamed];
  }
}

const OTHER_SCALARS = [ScalarType.STRING, ScalarType.BYTES, ScalarType.BOOL];

function isNumber({ scalar }: DescField): boolean {
  return scalar !== undefined && !OTHER_SCALARS.includes(scalar);
}
