import type { ContractSettings } from '../contract-settings.js';
import { Code } from '../errors/codes.js';
import { httpStatus } from '../errors/render.js';
import type { Operation } from '../operation.js';
import { conditionalHeaders } from './headers.js';

/** A way for a request to fail. */
export interface Cause {
  /** The gRPC code. */
  readonly code: number;
  readonly reason?: string;
  /** The HTTP status, where the code's own does not count. */
  readonly httpStatus?: number;
  /** A sentence for the documentation. */
  readonly text: string;
}

/** A path that no route has, or an id that nothing has. */
export const absent: Cause = { code: Code.NOT_FOUND, text: 'What the request names does not exist.' };

/** A method that the path has no route for. */
export const wrongMethod: Cause = {
  code: Code.UNIMPLEMENTED,
  reason: 'METHOD_NOT_ALLOWED',
  httpStatus: 405,
  text: 'The path has other methods: see the header Allow.',
};

const malformed: Cause = { code: Code.INVALID_ARGUMENT, text: 'The request is malformed.' };
const badPath: Cause = {
  code: Code.INVALID_ARGUMENT,
  reason: 'INVALID_PATH',
  httpStatus: 400,
  text: 'The request is malformed.',
};
const noKey: Cause = { code: Code.UNAUTHENTICATED, text: 'There is no valid key.' };
const noScope: Cause = { code: Code.PERMISSION_DENIED, text: 'The key lacks the scope.' };
const largeBody: Cause = {
  code: Code.RESOURCE_EXHAUSTED,
  reason: 'BODY_TOO_LARGE',
  httpStatus: 413,
  text: 'The body is too large.',
};
const conflicts: readonly Cause[] = [
  { code: Code.ALREADY_EXISTS, text: 'Another already has what must be unique.' },
  { code: Code.FAILED_PRECONDITION, text: 'The resource is in no state for this.' },
  { code: Code.ABORTED, text: 'Others changed the resource at the same time.' },
];
const conditions: Readonly<Record<string, Cause>> = {
  ETAG_MISMATCH: {
    code: Code.ABORTED,
    reason: 'ETAG_MISMATCH',
    text: 'The resource has another entity tag.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    code: Code.INVALID_ARGUMENT,
    reason: 'IDEMPOTENCY_KEY_REUSED',
    text: 'The key was used for another request.',
  },
};
const always: readonly Cause[] = [
  { code: Code.RESOURCE_EXHAUSTED, text: 'There are too many requests, or the answer is too large.' },
  {
    code: Code.RESOURCE_EXHAUSTED,
    reason: 'HEADERS_TOO_LARGE',
    httpStatus: 431,
    text: 'The headers are too large.',
  },
  { code: Code.INTERNAL, text: 'The service failed.' },
  { code: Code.UNAVAILABLE, text: 'The service, or what it needs, cannot be reached.' },
  { code: Code.DEADLINE_EXCEEDED, text: 'The deadline passed.' },
];

/**
 * The ways in which a request to an operation can fail, by HTTP status. What a method may end with is nowhere
 * declared, so this goes by what it takes and does: only writes conflict, only lists of all never miss anything, unless they say
 * that they can.
 */
export function failuresOf(operation: Operation, settings: ContractSettings): Map<number, Cause[]> {
  const { binding } = operation;
  const { scope, canMiss } = binding.option;
  const hasPath = binding.template.variables.length > 0;
  const writes = binding.method !== 'GET' && binding.method !== 'HEAD';
  const listsAll = !hasPath && !writes && binding.rpc.name.startsWith('List');
  const causes = [
    malformed,
    ...(hasPath ? [badPath] : []),
    ...(scope === 'public' ? [] : [noKey, noScope]),
    ...(listsAll && !canMiss ? [] : [absent]),
    ...(writes || (scope !== undefined && scope !== 'read') ? conflicts : []),
    ...conditionalHeaders(operation, settings).map(({ reason }) => conditions[reason]!),
    ...(operation.takesBody ? [largeBody] : []),
    ...always,
  ];
  const found = new Map<number, Cause[]>();
  for (const cause of causes) {
    const status = httpStatus(cause, settings);
    found.set(status, [...(found.get(status) ?? []), cause]);
  }
  return new Map([...found].sort(([one], [other]) => one - other));
}
