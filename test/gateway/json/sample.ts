import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescField,
  type DescMessage,
  fromBinary,
  type JsonValue,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type Codecs, createCodecs, InvalidInput, type JsonOptions } from '../../../gateway/json/codec.js';
import { type JsonNode, parseJson } from '../../../gateway/json/parse.js';

const image = readFileSync(`${process.cwd()}/test/gateway/fixtures/sample.binpb`);

/** The sample service's messages, and those of google.rpc. */
export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));

/** Options as grpc-gateway has them. */
export const proto3: JsonOptions = { names: 'json', types: 'proto3', unknownFields: 'ignore' };
/** Options as a contract has them. */
export const strict: JsonOptions = { names: 'json', types: 'strict', unknownFields: 'ignore' };

export function message(name: string): DescMessage {
  const desc = registry.getMessage(name.includes('.') ? name : `sample.v1.${name}`);
  if (desc === undefined) throw new Error(`the sample has no message ${name}`);
  return desc;
}

export function field(messageName: string, name: string): DescField {
  const found = message(messageName).fields.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${messageName} has no field ${name}`);
  return found;
}

export function codecs(options: JsonOptions = proto3): Codecs {
  return createCodecs(registry, options);
}

export function node(json: string): JsonNode | undefined {
  return parseJson(Buffer.from(json), { maxDepth: 64, trailing: 'refuse' });
}

/** What protobuf-es, the second oracle, takes bytes for. */
export function asJson(desc: DescMessage, bytes: Uint8Array): JsonValue {
  return toJson(desc, fromBinary(desc, bytes), { registry });
}

/** The violations of an InvalidInput as "field rule"; fails where nothing, or something else, is thrown. */
export function violations(act: () => unknown): string[] {
  return refused(act).violations.map(({ field: path, rule }) => `${path} ${rule}`);
}

export function refused(act: () => unknown): InvalidInput {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('was not refused');
}
