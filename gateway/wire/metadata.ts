import { Metadata as GrpcMetadata } from '@grpc/grpc-js';
import type { Metadata } from '../transport.js';

// What HTTP and gRPC add for themselves, and is nobody's metadata.
const ofTheWire = new Set([
  'content-type',
  'date',
  'grpc-encoding',
  'grpc-accept-encoding',
  'grpc-status-details-bin',
]);

/** Metadata for grpc-js. */
export function toGrpc(metadata: Metadata): GrpcMetadata {
  const converted = new GrpcMetadata();
  for (const [name, value] of metadata) {
    converted.add(
      name,
      typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.length),
    );
  }
  return converted;
}

/** Metadata from grpc-js, without what belongs to the wire. */
export function fromGrpc(metadata: GrpcMetadata): Metadata {
  const list: [string, string | Uint8Array][] = [];
  for (const name of Object.keys(metadata.getMap())) {
    if (ofTheWire.has(name)) continue;
    for (const value of metadata.get(name)) list.push([name, value]);
  }
  return list;
}
