/**
 * How calls reach the pipeline, from a gRPC server or from the same process.
 * The shape is that of any transport of serialized messages; failures are statuses, never exceptions.
 */

/** Metadata of a call: lower-case names; a name that ends in -bin has bytes, any other text. A name may repeat. */
export type Metadata = readonly (readonly [name: string, value: string | Uint8Array])[];

export interface CallOptions {
  /** The full method name, "/package.Service/Method". */
  readonly path: string;
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; none where the caller set no deadline. */
  readonly deadline: number | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface CallStatus {
  /** A gRPC status code; 0 is OK. */
  readonly code: number;
  readonly message: string;
  /** The serialized google.rpc.Status, as in grpc-status-details-bin. */
  readonly details?: Uint8Array | undefined;
}

export interface UnaryReply {
  readonly status: CallStatus;
  /** Set when the code is 0. */
  readonly message: Uint8Array | undefined;
  readonly header: Metadata;
  readonly trailer: Metadata;
}

export interface StreamReply {
  /** Settles with the first message, or when the call ends without any. */
  readonly header: Promise<Metadata>;
  /** Pull-based: the handler waits while nobody reads. Ends when the call does. */
  readonly messages: AsyncIterable<Uint8Array>;
  readonly end: Promise<{ readonly status: CallStatus; readonly trailer: Metadata }>;
}

export interface Transport {
  unary(call: CallOptions, request: Uint8Array): Promise<UnaryReply>;
  /** Server, client and bidirectional streams. */
  stream(call: CallOptions, requests: AsyncIterable<Uint8Array>): StreamReply;
  close(): Promise<void>;
}
