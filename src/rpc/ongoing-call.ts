import type { Logger } from 'pino';
import { FacetError } from '../domain/errors.js';
import type { Call, Principal } from './call.js';
import { describeError } from './describe-error.js';
import { toFacetError } from './failure.js';
import type { Release } from './in-flight.js';
import { type Life, startLife } from './life.js';
import type { Method } from './method.js';
import { requestId } from './request-id.js';
import { errorStatus } from './status.js';
import type { CallOptions, CallStatus, Metadata } from './transport.js';

const NOBODY: Principal = { tenant: '', subject: 'anonymous', scopes: [] };
const HEADER_NAME = /^[0-9a-z_.-]+$/;
const HEADER_VALUE = /^[ -~]*$/;

/** A call as the pipeline sees it: what its handler knows, and what is needed to end it. */
export interface OngoingCall {
  readonly method: Method;
  readonly incoming: CallOptions;
  readonly life: Life;
  /** What handlers get. */
  readonly call: Call;
  readonly header: Metadata;
  admit(principal: Principal): void;
  /** Remembers a place to free when the call is over. */
  holds(release: Release): void;
  /** Headers cannot be added any more. */
  headerSent(): void;
  /** Maps what was thrown to the status that the caller gets; what is nobody's fault but ours is logged. */
  fail(error: unknown): CallStatus;
  /** Frees all that the call holds. */
  close(): void;
}

/** @param deadline milliseconds since the epoch, Infinity for none */
export function beginCall(method: Method, incoming: CallOptions, deadline: number, log: Logger): OngoingCall {
  const id = requestId(incoming.metadata);
  const life = startLife(deadline, incoming.signal);
  const header: [string, string][] = [['x-request-id', id]];
  const releases: Release[] = [];
  let principal = NOBODY;
  let sent = false;
  let callLog: Logger | undefined;

  const call: Call = {
    method: method.path,
    requestId: id,
    get signal() {
      return life.signal;
    },
    deadline,
    get principal() {
      return principal;
    },
    // Made when first asked for: most calls log nothing.
    get log() {
      const { tenant, subject } = principal;
      callLog ??= log.child({ method: method.path, requestId: id, tenant, subject });
      return callLog;
    },
    header(name) {
      const values = incoming.metadata.flatMap(([key, value]) =>
        key === name && typeof value === 'string' ? [value] : [],
      );
      return values.length === 0 ? undefined : values.join(', ');
    },
    setHeader(name, value) {
      if (sent) throw new Error(`header ${name} comes after the first message`);
      if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value))
        throw new Error(`header ${name} is not printable ASCII`);
      header.push([name, value]);
    },
  };
  return {
    method,
    incoming,
    life,
    call,
    header,
    admit: (who) => {
      principal = who;
    },
    holds: (release) => {
      releases.push(release);
    },
    headerSent: () => {
      sent = true;
    },
    fail(error) {
      const failure = toFacetError(error, life.reason);
      if (failure.code === 'INTERNAL') {
        call.log.error({ err: describeError(failure.cause ?? failure) }, 'call failed');
      } else if (log.isLevelEnabled('debug')) {
        const err = failure.cause === undefined ? undefined : describeError(failure.cause);
        call.log.debug({ reason: failure.reason, err }, 'call refused');
      }
      return errorStatus(failure, id);
    },
    close() {
      life.close();
      for (const release of releases) release();
      releases.length = 0;
    },
  };
}

/** The status of a call to a method that is not served. */
export function unimplemented(incoming: CallOptions): { status: CallStatus; header: Metadata } {
  const id = requestId(incoming.metadata);
  return { status: errorStatus(new FacetError('UNIMPLEMENTED'), id), header: [['x-request-id', id]] };
}
