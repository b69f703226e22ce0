/** Metadata of a call: lower-case names; a name that ends in -bin has bytes, any other text. A name may repeat. */
export type Metadata = readonly (readonly [name: string, value: string | Uint8Array])[];

/** What a call asks for, besides its messages. */
export interface CallOptions {
  /** The full method name, "/package.Service/Method". */
  readonly path: string;
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; none where the caller set no deadline. */
  readonly deadline: number | undefined;
  /** Aborted when the caller has gone: the call is then cancelled. */
  readonly signal: AbortSignal;
}

/** How a call ended: a gRPC status code (0 is OK), its text, and its google.rpc.Status where one was sent. */
export interface CallStatus {
  readonly code: number;
  readonly message: string;
  /** The serialized google.rpc.Status, as in grpc-status-details-bin. */
  readonly details?: Uint8Array | undefined;
}

/** A finished unary or client-streaming call. `message` is set when the code is 0. */
export interface UnaryReply {
  readonly status: CallStatus;
  readonly message: Uint8Array | undefined;
  readonly header: Metadata;
  readonly trailer: Metadata;
}

/** A streaming call under way. Nothing here rejects: failures are in `end`. */
export interface StreamReply {
  /** The header metadata, empty where the call ended without any. */
  readonly header: Promise<Metadata>;
  /** The messages; ends when the call does, and pauses the sender while nobody reads. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** How the call ended; settled once `messages` has ended. */
  readonly end: Promise<{ readonly status: CallStatus; readonly trailer: Metadata }>;
}

/**
 * Carries calls to a gRPC service: over a channel (`wire`) or into the same process (`local`).
 * Messages are serialized protobuf. Failures are statuses, never exceptions.
 */
export interface Transport {
  unary(call: CallOptions, request: Uint8Array): Promise<UnaryReply>;
  /** Server, client and bidirectional streams. */
  stream(call: CallOptions, requests: AsyncIterable<Uint8Array>): StreamReply;
  close(): Promise<void>;
}
