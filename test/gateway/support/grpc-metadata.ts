import { Metadata as GrpcMetadata } from '@grpc/grpc-js';
import type { Metadata } from '../../../gateway/transport.js';

/** Metadata for grpc-js. */
export function toGrpc(metadata: Metadata): GrpcMetadata {
  const converted = new GrpcMetadata();
  for (const [name, value] of metadata) {
    converted.add(name, typeof value === 'string' ? value : Buffer.from(value));
  }
  return converted;
}

/** Metadata from grpc-js. */
export function fromGrpc(metadata: GrpcMetadata): Metadata {
  return Object.keys(metadata.getMap()).flatMap((name) =>
    metadata.get(name).map((value) => [name, value] as const),
  );
}
