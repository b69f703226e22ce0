import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema, type Duration } from '@bufbuild/protobuf/wkt';
import type { CallStatus } from '../transport.js';
import type { Failure, LocatedViolation } from './failure.js';
import { rpcType } from './rpc-types.js';

interface FieldViolation {
  readonly field: string;
  readonly description: string;
  readonly reason: string;
}

/** Reads how a call ended. Details that cannot be read are left out; the code and the text stay. */
export function readStatus(status: CallStatus): Failure {
  const details = readDetails(status.details);
  const info = find<{ reason: string }>(details, 'ErrorInfo');
  const retry = find<{ retryDelay?: Duration }>(details, 'RetryInfo')?.retryDelay;
  const invalid = find<{ fieldViolations: FieldViolation[] }>(details, 'BadRequest');
  return {
    code: status.code,
    message: status.message,
    reason: info?.reason || undefined,
    retryAfter: retry === undefined ? undefined : Number(retry.seconds) + retry.nanos / 1e9,
    violations: invalid?.fieldViolations.map(toViolation) ?? [],
    details: details.map((detail) => toBinary(AnySchema, detail)),
  };
}

function readDetails(bytes: Uint8Array | undefined): Any[] {
  if (bytes === undefined) return [];
  try {
    return (fromBinary(rpcType('Status'), bytes) as unknown as { details: Any[] }).details;
  } catch {
    return [];
  }
}

function find<T>(details: readonly Any[], name: 'BadRequest' | 'ErrorInfo' | 'RetryInfo'): T | undefined {
  const type = rpcType(name);
  const detail = details.find(({ typeUrl }) => typeUrl.slice(typeUrl.lastIndexOf('/') + 1) === type.typeName);
  if (detail === undefined) return undefined;
  try {
    return fromBinary(type, detail.value) as unknown as T;
  } catch {
    return undefined;
  }
}

function toViolation({ field, description, reason }: FieldViolation): LocatedViolation {
  return { place: undefined, field, description, rule: reason };
}
