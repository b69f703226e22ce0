import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildImage } from '../gateway/support/build-image.js';
import { describePackage } from './support/describe.js';

/** A field with its rules, and its schema in a request; `required` where a request must give it. */
type Row = readonly [declaration: string, schema: object, required?: 'required'];

const rule = (text: string) => `[(buf.validate.field).${text}]`;

const rows: readonly Row[] = [
  // Text.
  [`string f = 1`, { type: 'string' }],
  [`string f = 1 ${rule('required = true')}`, { type: 'string', minLength: 1 }, 'required'],
  [`optional string f = 1 ${rule('required = true')}`, { type: 'string' }, 'required'],
  [`string f = 1 ${rule('string.max_len = 9')}`, { type: 'string', maxLength: 9 }],
  [`string f = 1 ${rule('string.min_len = 2')}`, { type: 'string', minLength: 2 }, 'required'],
  [`optional string f = 1 ${rule('string.min_len = 2')}`, { type: 'string', minLength: 2 }],
  [`optional string f = 1 ${rule('string.len = 2')}`, { type: 'string', minLength: 2, maxLength: 2 }],
  [`string f = 1 ${rule('string.pattern = "^a?$"')}`, { type: 'string', pattern: '^a?$' }],
  [`string f = 1 ${rule('string.pattern = "^a$"')}`, { type: 'string', pattern: '^a$' }, 'required'],
  [`optional string f = 1 ${rule('string.prefix = "a.b"')}`, { type: 'string', pattern: '^a\\.b' }],
  [`optional string f = 1 ${rule('string.uuid = true')}`, { type: 'string', format: 'uuid' }],
  [`string f = 1 ${rule('string.email = true')}`, { type: 'string', format: 'email' }, 'required'],
  [
    `optional string f = 1 ${rule('string.ip = true')}`,
    { type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
  ],
  [`string f = 1 ${rule('string = {in: ["a", "b"]}')}`, { type: 'string', enum: ['a', 'b'] }, 'required'],
  [`string f = 1 ${rule('string = {not_in: ["a"]}')}`, { type: 'string', not: { enum: ['a'] } }],
  [
    `string f = 1 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 3}}]`,
    { anyOf: [{ const: '' }, { type: 'string', minLength: 3 }] },
  ],
  [`string f = 1 [(buf.validate.field) = {ignore: IGNORE_ALWAYS, string: {min_len: 3}}]`, { type: 'string' }],
  [
    `optional string f = 1 ${rule('string.max_bytes = 9')}`,
    { description: 'Rules: must be at most 9 bytes of UTF-8.', type: 'string', maxLength: 9 },
  ],
  // Rules of the image's own: what they demand, and their pattern where they are nothing else.
  [
    `string f = 1 ${rule('string.(facet.validate.v1.country_number) = true')}`,
    { description: 'Rules: must be three digits.', type: 'string', pattern: '^[0-9]{3}$' },
    'required',
  ],
  [`string f = 1 ${rule('string.(facet.validate.v1.country_number) = false')}`, { type: 'string' }],
  [
    `optional string f = 1 ${rule('string.(facet.validate.v1.prefixed_uuid) = "agent"')}`,
    { description: 'Rules: <prefix>-<uuid> in lower case: agent.', type: 'string' },
  ],
  [
    `string f = 1 ${rule('cel = {id: "f.odd", message: "must be odd", expression: "true"}')}`,
    { description: 'Rules: must be odd.', type: 'string' },
  ],
  [`string f = 1 [debug_redact = true]`, { type: 'string', format: 'password' }],
  // Numbers.
  [`int32 f = 1 ${rule('int32.gte = 0')}`, { type: 'integer', format: 'int32', minimum: 0 }],
  [
    `int32 f = 1 ${rule('int32.gt = 0')}`,
    { type: 'integer', format: 'int32', exclusiveMinimum: 0 },
    'required',
  ],
  [
    `int32 f = 1 ${rule('required = true')}`,
    { type: 'integer', format: 'int32', not: { const: 0 } },
    'required',
  ],
  [`uint32 f = 1 ${rule('uint32.lte = 9')}`, { type: 'integer', minimum: 0, maximum: 9 }],
  [`int64 f = 1 ${rule('int64.lt = 9')}`, { type: 'integer', format: 'int64', exclusiveMaximum: 9 }],
  [
    `double f = 1 ${rule('double = {gt: 5, lt: 3}')}`,
    { type: 'number', format: 'double', anyOf: [{ exclusiveMinimum: 5 }, { exclusiveMaximum: 3 }] },
  ],
  [`bool f = 1 ${rule('bool.const = true')}`, { type: 'boolean', const: true }, 'required'],
  // Bytes are base64.
  [`bytes f = 1 ${rule('bytes.max_len = 4')}`, { type: 'string', contentEncoding: 'base64', maxLength: 8 }],
  // Enums are names.
  [`Kind f = 1 ${rule('enum.defined_only = true')}`, { $ref: '#/components/schemas/Kind' }],
  [
    `Kind f = 1 ${rule('enum = {in: [1]}')}`,
    { $ref: '#/components/schemas/Kind', enum: ['KIND_ONE'] },
    'required',
  ],
  [
    `Kind f = 1 ${rule('required = true')}`,
    { $ref: '#/components/schemas/Kind', not: { const: 'KIND_NONE' } },
    'required',
  ],
  // Lists and maps; null counts as none.
  [`repeated string f = 1`, { type: ['array', 'null'], items: { type: 'string' } }],
  [
    `repeated string f = 1 ${rule('repeated = {min_items: 1, unique: true, items: {string: {max_len: 3}}}')}`,
    { type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 1, uniqueItems: true },
    'required',
  ],
  [
    `map<string, int32> f = 1 ${rule('map = {max_pairs: 2, keys: {string: {min_len: 1}}, values: {int32: {gte: 0}}}')}`,
    {
      type: ['object', 'null'],
      additionalProperties: { type: 'integer', format: 'int32', minimum: 0 },
      propertyNames: { type: 'string', minLength: 1 },
      maxProperties: 2,
    },
  ],
  [
    `map<int64, bool> f = 1`,
    {
      type: ['object', 'null'],
      additionalProperties: { type: 'boolean' },
      propertyNames: { type: 'string', pattern: '^-?[0-9]+$' },
    },
  ],
  // Messages: null is the same as none, unless they are required.
  [`Part f = 1`, { anyOf: [{ $ref: '#/components/schemas/Part' }, { type: 'null' }] }],
  [`optional Part f = 1`, { $ref: '#/components/schemas/Part' }],
  [`Part f = 1 ${rule('required = true')}`, { $ref: '#/components/schemas/Part' }, 'required'],
  [
    `google.protobuf.StringValue f = 1 ${rule('string.max_len = 3')}`,
    { type: ['string', 'null'], maxLength: 3 },
  ],
  [`google.protobuf.Struct f = 1 ${rule('required = true')}`, { type: 'object' }, 'required'],
  [`google.protobuf.Value f = 1`, {}],
];

const proto = `
import "buf/validate/validate.proto";
import "facet/validate/v1/rules.proto";
service S { rpc Do(M) returns (Answer) { option (google.api.http) = {post: "/v1/do" body: "*"}; } }
message Answer {}
message Part { int32 size = 1; }
enum Kind { KIND_NONE = 0; KIND_ONE = 1; KIND_TWO = 2; }
message M {
${rows.map(([declaration], index) => `  ${declaration.replace(' f = 1', ` f${index} = ${index + 1}`)};`).join('\n')}
}
`;

const rules = suite('the rules of buf.validate as keywords');

const image = buildImage({ 'rules.v1': proto });
const { M } = describePackage(image, 'rules.v1', { types: 'strict' }).components.schemas;

rows.forEach(([declaration, schema, required], index) => {
  rules(declaration, () => {
    assert.equal(M.properties[`f${index}`], schema);
    assert.is(M.required.includes(`f${index}`), required === 'required');
  });
});

rules.run();
