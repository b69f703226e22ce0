import { Metadata as GrpcMetadata, type StatusObject } from '@grpc/grpc-js';
import type { CallStatus, Metadata } from '../transport.js';

export function fromGrpc(metadata: GrpcMetadata): Metadata {
  const pairs: [string, string | Uint8Array][] = [];
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values as (string | Buffer)[]) pairs.push([name, value]);
  }
  return pairs;
}

export function toGrpc(metadata: Metadata): GrpcMetadata {
  const made = new GrpcMetadata();
  for (const [name, value] of metadata)
    made.add(name, typeof value === 'string' ? value : Buffer.from(value));
  return made;
}

const DETAILS = 'grpc-status-details-bin';

/** The end of a call that failed, as grpc-js sends it. */
export function toGrpcStatus({ code, message, details }: CallStatus, trailer: Metadata = []): StatusObject {
  const metadata = toGrpc(trailer);
  if (details !== undefined) metadata.set(DETAILS, Buffer.from(details));
  return { code, details: message, metadata };
}

export function hasDetails(status: { readonly metadata?: GrpcMetadata | null }): boolean {
  return (status.metadata?.get(DETAILS).length ?? 0) > 0;
}
