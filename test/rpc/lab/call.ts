import type { FacetError } from '../../../src/domain/errors.js';
import { Code } from '../../../src/gen/google/rpc/code.js';
import { BadRequest, ErrorInfo, RequestInfo, RetryInfo } from '../../../src/gen/google/rpc/error_details.js';
import { Status } from '../../../src/gen/google/rpc/status.js';
import type { Pipeline } from '../../../src/rpc/pipeline.js';
import type { CallOptions, CallStatus, Metadata } from '../../../src/rpc/transport.js';
import { decode, encode, type Loose } from './lab.js';

export const LAB = '/facet.lab.v1.LabService/';

/** A status with its details taken apart. */
export interface Ended {
  readonly code: keyof typeof Code;
  readonly message: string;
  readonly reason: string | undefined;
  readonly requestId: string | undefined;
  readonly retryMs: number | undefined;
  readonly violations: readonly { field: string; description: string; rule: string }[];
}

export function ended(status: CallStatus): Ended {
  const details = status.details === undefined ? [] : Status.decode(status.details).details;
  const find = <T>(name: string, codec: { decode(bytes: Uint8Array): T }): T | undefined => {
    const any = details.find(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${name}`);
    return any === undefined ? undefined : codec.decode(any.value);
  };
  const retry = find('RetryInfo', RetryInfo)?.retryDelay;
  return {
    code: Code[status.code] as keyof typeof Code,
    message: status.message,
    reason: find('ErrorInfo', ErrorInfo)?.reason,
    requestId: find('RequestInfo', RequestInfo)?.requestId,
    retryMs: retry === undefined ? undefined : retry.seconds * 1000 + retry.nanos / 1e6,
    violations: (find('BadRequest', BadRequest)?.fieldViolations ?? []).map(
      ({ field, description, reason }) => ({
        field,
        description,
        rule: reason,
      }),
    ),
  };
}

export function options(method: string, more: Partial<CallOptions> & { key?: string } = {}): CallOptions {
  const { key = 'writer', metadata = [], ...rest } = more;
  const authorization: Metadata = key === '' ? [] : [['authorization', `Bearer ${key}`]];
  return {
    path: method.startsWith('/') ? method : LAB + method,
    metadata: [...authorization, ...metadata],
    deadline: undefined,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** One unary call over the pipeline. `request` may be raw bytes. */
export async function unary(
  pipeline: Pick<Pipeline, 'unary'>,
  method: string,
  request: Loose = {},
  more: Parameters<typeof options>[1] = {},
): Promise<{ end: Ended; message: Loose; header: Metadata }> {
  const bytes = request instanceof Uint8Array ? request : encode(request);
  const reply = await pipeline.unary(options(method, more), bytes);
  return { end: ended(reply.status), message: reply.message && decode(reply.message), header: reply.header };
}

/** One streaming call, read to its end. */
export async function stream(
  pipeline: Pick<Pipeline, 'stream'>,
  method: string,
  requests: readonly Loose[] = [{}],
  more: Parameters<typeof options>[1] = {},
): Promise<{ end: Ended; messages: Loose[]; header: Metadata }> {
  async function* source() {
    for (const request of requests) yield request instanceof Uint8Array ? request : encode(request);
  }
  const reply = pipeline.stream(options(method, more), source());
  const messages: Loose[] = [];
  for await (const message of reply.messages) messages.push(decode(message));
  return { end: ended((await reply.end).status), messages, header: await reply.header };
}

/** The reason of a thrown FacetError, for handlers that record what reached them. */
export function reasonOf(error: unknown): string {
  return (error as FacetError).reason;
}
