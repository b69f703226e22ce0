import type { FacetError, Violation } from '../domain/errors.js';
import { Code } from '../gen/google/rpc/code.js';
import {
  BadRequest,
  type BadRequest_FieldViolation,
  ErrorInfo,
  RequestInfo,
  RetryInfo,
} from '../gen/google/rpc/error_details.js';
import { Status } from '../gen/google/rpc/status.js';
import type { CallStatus } from './transport.js';

const DOMAIN = 'facet';

/** Trailers of 8 KiB are what every client accepts; in base64 the violations take a third more than here. */
const VIOLATIONS_BUDGET = 5 * 1024;

export const OK: CallStatus = { code: 0, message: '' };

/**
 * The status that a caller sees: the code, the text, and a google.rpc.Status with ErrorInfo and RequestInfo,
 * with BadRequest where fields are at fault and RetryInfo where trying again can help.
 * See google/rpc/error_details.proto.
 */
export function errorStatus(error: FacetError, requestId: string): CallStatus {
  const code = Code[error.code];
  const shown = withinBudget(error.violations);
  const metadata: Record<string, string> =
    shown.length < error.violations.length ? { violations: String(error.violations.length) } : {};
  const details = [
    detail('ErrorInfo', ErrorInfo.encode({ reason: error.reason, domain: DOMAIN, metadata })),
    detail('RequestInfo', RequestInfo.encode({ requestId, servingData: '' })),
  ];
  if (shown.length > 0) details.push(detail('BadRequest', BadRequest.encode({ fieldViolations: shown })));
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.trunc(error.retryAfterMs / 1000);
    const retryDelay = { seconds, nanos: Math.round((error.retryAfterMs % 1000) * 1e6) };
    details.push(detail('RetryInfo', RetryInfo.encode({ retryDelay })));
  }
  return {
    code,
    message: error.message,
    details: Status.encode({ code, message: error.message, details }).finish(),
  };
}

function detail(name: string, message: { finish(): Uint8Array }) {
  return { typeUrl: `type.googleapis.com/google.rpc.${name}`, value: Buffer.from(message.finish()) };
}

function withinBudget(violations: readonly Violation[]): BadRequest_FieldViolation[] {
  const shown: BadRequest_FieldViolation[] = [];
  let bytes = 0;
  for (const { field, description, rule } of violations) {
    const violation = { field, description, reason: rule, localizedMessage: undefined };
    bytes += BadRequest.encode({ fieldViolations: [violation] }).finish().length;
    if (bytes > VIOLATIONS_BUDGET) break;
    shown.push(violation);
  }
  return shown;
}
