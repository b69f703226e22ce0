import { create, createFileRegistry, type FileRegistry } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

const optional = { label: Label.OPTIONAL } as const;
const repeated = { label: Label.REPEATED } as const;
const timestamp = { type: Type.MESSAGE, typeName: '.google.protobuf.Timestamp' } as const;

/** Fields of every common kind, as an identity or an order has them. */
const FIELDS = [
  { name: 'id', type: Type.STRING },
  { name: 'given_name', type: Type.STRING },
  { name: 'family_name', type: Type.STRING },
  { name: 'email_address', type: Type.STRING },
  { name: 'age', type: Type.INT32 },
  { name: 'revision', type: Type.INT64 },
  { name: 'score', type: Type.DOUBLE },
  { name: 'active', type: Type.BOOL },
  { name: 'state', type: Type.ENUM, typeName: '.bench.State' },
  { name: 'tags', type: Type.STRING, ...repeated },
  { name: 'address', type: Type.MESSAGE, typeName: '.bench.Address' },
  { name: 'nickname', type: Type.MESSAGE, typeName: '.google.protobuf.StringValue' },
  { name: 'picture', type: Type.BYTES },
  { name: 'create_time', ...timestamp },
  { name: 'update_time', ...timestamp },
];

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const field = (
  given: { readonly name: string; readonly type: Type; readonly typeName?: string },
  at: number,
) => ({
  ...optional,
  number: at + 1,
  jsonName: camel(given.name),
  ...given,
});

/** A registry with the message `bench.Fifteen`. */
export function fifteenFields(): FileRegistry {
  const file = create(FileDescriptorProtoSchema, {
    name: 'bench.proto',
    package: 'bench',
    syntax: 'proto3',
    dependency: ['google/protobuf/timestamp.proto', 'google/protobuf/wrappers.proto'],
    enumType: [
      {
        name: 'State',
        value: [
          { name: 'STATE_UNSPECIFIED', number: 0 },
          { name: 'STATE_ACTIVE', number: 1 },
        ],
      },
    ],
    messageType: [
      {
        name: 'Address',
        field: ['street', 'city'].map((name, at) => field({ name, type: Type.STRING }, at)),
      },
      { name: 'Fifteen', field: FIELDS.map(field) },
    ],
  });
  const set = [file_google_protobuf_timestamp.proto, file_google_protobuf_wrappers.proto, file];
  return createFileRegistry(create(FileDescriptorSetSchema, { file: set }));
}

/** A message with all of them set, as a caller writes it. */
export const FIFTEEN_JSON = JSON.stringify({
  id: '01a1fc21-8241-7784-874a-d6c129d68db4',
  givenName: 'Augusta Ada',
  familyName: 'Byron',
  emailAddress: 'ada@example.com',
  age: 36,
  revision: '9007199254740993',
  score: 0.25,
  active: true,
  state: 'STATE_ACTIVE',
  tags: ['first', 'of', 'all'],
  address: { street: 'St James’s Square 12', city: 'London' },
  nickname: 'Ada',
  picture: 'AAECAwQFBgcICQ==',
  createTime: '2026-01-02T03:04:05.678Z',
  updateTime: '2026-01-02T03:04:05.678901Z',
});
