import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { root } from '../../support/root.js';

/** The descriptor image of fixtures/sample/proto. */
export const sampleImage = readFileSync(`${root}/test/gateway/fixtures/sample.binpb`);

export const sampleRegistry = createFileRegistry(fromBinary(FileDescriptorSetSchema, sampleImage));

export function sampleType(name: string): DescMessage {
  const type = sampleRegistry.getMessage(`sample.v1.${name}`);
  if (type === undefined) throw new Error(`the sample has no message ${name}`);
  return type;
}
