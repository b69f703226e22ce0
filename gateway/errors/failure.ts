/** Where in a request something is wrong. */
export type Place = 'body' | 'query' | 'path' | 'header';

/** One thing that is wrong with a request. `field` is a proto path below the request message, '' for all of it. */
export interface LocatedViolation {
  readonly place: Place | undefined;
  readonly field: string;
  readonly description: string;
  readonly rule: string;
}

/** How a call failed, wherever it did: in the gateway or behind it. */
export interface Failure {
  /** The gRPC code. */
  readonly code: number;
  /** Text for the caller. */
  readonly message: string;
  /** The HTTP status, where the code's own will not do. */
  readonly httpStatus?: number | undefined;
  /** The reason of google.rpc.ErrorInfo. */
  readonly reason?: string | undefined;
  readonly violations?: readonly LocatedViolation[];
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number | undefined;
  /** Serialized google.protobuf.Any messages. */
  readonly details?: readonly Uint8Array[];
  /** Headers of the answer, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown where a request cannot be served; what the caller is told is in `failure`. */
export class GatewayError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** What a caller is told where the service's answer cannot be written as JSON; the code is Go's. */
export const unprintable: Failure = { code: 2, message: 'the answer has no JSON form' };
