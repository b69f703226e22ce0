import { create, createFileRegistry, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import {
  AnySchema,
  type DescriptorProto,
  DescriptorProtoSchema,
  DurationSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

type Field = readonly [name: string, type: string];
interface Message {
  readonly fields: readonly Field[];
  readonly nested?: Readonly<Record<string, readonly Field[]>>;
}

// google/rpc/status.proto and google/rpc/error_details.proto; the numbers of the fields are their order.
const messages: Readonly<Record<string, Message>> = {
  Status: { fields: fields('code int32, message string, details google.protobuf.Any*') },
  ErrorInfo: { fields: fields('reason string, domain string, metadata string{}') },
  RetryInfo: { fields: fields('retry_delay google.protobuf.Duration') },
  DebugInfo: { fields: fields('stack_entries string*, detail string') },
  QuotaFailure: {
    fields: fields('violations google.rpc.QuotaFailure.Violation*'),
    nested: {
      Violation: fields(
        'subject string, description string, api_service string, quota_metric string, quota_id string, ' +
          'quota_dimensions string{}, quota_value int64, future_quota_value int64?',
      ),
    },
  },
  PreconditionFailure: {
    fields: fields('violations google.rpc.PreconditionFailure.Violation*'),
    nested: { Violation: fields('type string, subject string, description string') },
  },
  BadRequest: {
    fields: fields('field_violations google.rpc.BadRequest.FieldViolation*'),
    nested: {
      FieldViolation: fields(
        'field string, description string, reason string, localized_message google.rpc.LocalizedMessage',
      ),
    },
  },
  RequestInfo: { fields: fields('request_id string, serving_data string') },
  ResourceInfo: {
    fields: fields('resource_type string, resource_name string, owner string, description string'),
  },
  Help: {
    fields: fields('links google.rpc.Help.Link*'),
    nested: { Link: fields('description string, url string') },
  },
  LocalizedMessage: { fields: fields('locale string, message string') },
};

const own = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'google/rpc/details.proto',
    package: 'google.rpc',
    syntax: 'proto3',
    dependency: [AnySchema.file.proto.name, DurationSchema.file.proto.name],
    messageType: Object.entries(messages).map(([name, message]) => {
      const nested = Object.entries(message.nested ?? {});
      const proto = describe(`google.rpc.${name}`, name, message.fields);
      proto.nestedType.push(
        ...nested.map(([inner, list]) => describe(`google.rpc.${name}.${inner}`, inner, list)),
      );
      return proto;
    }),
  }),
  (name) => [AnySchema.file, DurationSchema.file].find((file) => file.proto.name === name),
);

/** The registry of an image, with google.rpc's error types added where the image lacks them. */
export function withRpcTypes(image: FileRegistry): FileRegistry {
  return image.getMessage('google.rpc.Status') !== undefined &&
    image.getMessage('google.rpc.BadRequest') !== undefined
    ? image
    : createFileRegistry(own, image);
}

/** A google.rpc message type by its short name. */
export function rpcType(name: 'Status' | 'BadRequest' | 'ErrorInfo' | 'RetryInfo'): DescMessage {
  return own.getMessage(`google.rpc.${name}`) as DescMessage;
}

function fields(text: string): Field[] {
  return text.split(', ').map((item) => item.split(' ') as unknown as Field);
}

function describe(typeName: string, name: string, list: readonly Field[]): DescriptorProto {
  const message = create(DescriptorProtoSchema, { name });
  list.forEach(([fieldName, written], index) => {
    const type = written.replace(/[*?]|\{\}$/, '');
    const field = create(FieldDescriptorProtoSchema, {
      name: fieldName,
      number: index + 1,
      label:
        written.endsWith('*') || written.endsWith('{}')
          ? FieldDescriptorProto_Label.REPEATED
          : FieldDescriptorProto_Label.OPTIONAL,
      ...scalarOrMessage(type),
    });
    if (written.endsWith('?')) {
      field.proto3Optional = true;
      field.oneofIndex = message.oneofDecl.length;
      message.oneofDecl.push({ $typeName: 'google.protobuf.OneofDescriptorProto', name: `_${fieldName}` });
    }
    if (written.endsWith('{}')) {
      const entry = `${camel(fieldName)}Entry`;
      const proto = describe(`${typeName}.${entry}`, entry, [
        ['key', 'string'],
        ['value', type],
      ]);
      proto.options = {
        $typeName: 'google.protobuf.MessageOptions',
        mapEntry: true,
      } as DescriptorProto['options'];
      message.nestedType.push(proto);
      Object.assign(field, { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${typeName}.${entry}` });
    }
    message.field.push(field);
  });
  return message;
}

function scalarOrMessage(type: string): { type: FieldDescriptorProto_Type; typeName?: string } {
  if (type === 'string') return { type: FieldDescriptorProto_Type.STRING };
  if (type === 'int32') return { type: FieldDescriptorProto_Type.INT32 };
  if (type === 'int64') return { type: FieldDescriptorProto_Type.INT64 };
  return { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${type}` };
}

function camel(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
